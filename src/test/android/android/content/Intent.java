// SPDX-License-Identifier: Apache-2.0
package android.content;

public class Intent {
  private String text;

  public Intent(String action) {
    text = action;
  }

  public Intent setPackage(String name) {
    text += " to " + name;
    return this;
  }

  public Intent putExtra(String name, String value) {
    text += ", " + name + "=" + value;
    return this;
  }

  @Override
  public String toString() {
    return text;
  }
}
