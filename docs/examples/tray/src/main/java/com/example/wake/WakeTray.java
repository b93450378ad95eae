// SPDX-License-Identifier: Apache-2.0
package com.example.wake;

import io.github.rouse.Rouse;
import io.github.rouse.audio.capture.AudioUnavailableException;
import io.github.rouse.model.WakeModel;
import java.awt.AWTException;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.MenuItem;
import java.awt.PopupMenu;
import java.awt.RenderingHints;
import java.awt.SystemTray;
import java.awt.TrayIcon;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JOptionPane;
import javax.swing.SwingUtilities;
import javax.swing.Timer;
import javax.swing.WindowConstants;

/**
 * Wakes on a shipped word and shows it, as a message of an icon in the system's tray, or in a small
 * window if the system has none: {@code WakeTray [WORD...]}.
 */
public final class WakeTray {
  private static final int SHOWN = 3000; // milliseconds
  private static final Color ASLEEP = Color.GRAY;
  private static final Color AWAKE = new Color(0x2E9E4F);

  private WakeTray() {}

  public static void main(String[] args) throws Exception {
    String[] words = args.length > 0 ? args : new String[] {"alexa", "computer", "jarvis"};
    WakeModel[] models = new WakeModel[words.length];
    for (int i = 0; i < words.length; i++) {
      models[i] = WakeModel.named(words[i]);
    }
    SwingUtilities.invokeLater(() -> listen(models, SystemTray.isSupported() ? tray() : window()));
  }

  private static void listen(WakeModel[] models, Consumer<String> display) {
    try {
      // Events come on the listener's thread; Swing has its own.
      Rouse.listen(models)
          .onEvent(event -> SwingUtilities.invokeLater(() -> display.accept(event.word())))
          .start(); // until the program ends
    } catch (AudioUnavailableException e) {
      JOptionPane.showMessageDialog(null, e.getMessage(), "Rouse", JOptionPane.ERROR_MESSAGE);
      System.exit(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An icon that turns green and shows a message. */
  private static Consumer<String> tray() {
    SystemTray tray = SystemTray.getSystemTray();
    Dimension size = tray.getTrayIconSize();
    MenuItem quit = new MenuItem("Quit");
    quit.addActionListener(event -> System.exit(0));
    PopupMenu menu = new PopupMenu();
    menu.add(quit);
    TrayIcon icon = new TrayIcon(dot(size, ASLEEP), "Rouse is listening", menu);
    try {
      tray.add(icon);
    } catch (AWTException e) { // the tray has just gone
      return window();
    }
    Timer sleep = new Timer(SHOWN, event -> icon.setImage(dot(size, ASLEEP)));
    sleep.setRepeats(false);
    return word -> {
      icon.setImage(dot(size, AWAKE));
      icon.displayMessage(word, "Rouse heard you.", TrayIcon.MessageType.NONE);
      sleep.restart();
    };
  }

  private static BufferedImage dot(Dimension size, Color color) {
    BufferedImage image = new BufferedImage(size.width, size.height, BufferedImage.TYPE_INT_ARGB);
    Graphics2D pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setColor(color);
    pen.fillOval(1, 1, size.width - 2, size.height - 2);
    pen.dispose();
    return image;
  }

  /** A window whose title and text are the word. */
  private static Consumer<String> window() {
    JLabel text = new JLabel("Rouse is listening", JLabel.CENTER);
    text.setFont(text.getFont().deriveFont(Font.BOLD, 24));
    text.setOpaque(true);
    JFrame frame = new JFrame("Rouse");
    frame.setDefaultCloseOperation(WindowConstants.EXIT_ON_CLOSE);
    frame.add(text);
    frame.setSize(360, 120);
    frame.setLocationByPlatform(true);
    frame.setVisible(true);
    Color asleep = text.getBackground();
    Timer sleep =
        new Timer(
            SHOWN,
            event -> {
              text.setBackground(asleep);
              text.setText("Rouse is listening");
              frame.setTitle("Rouse");
            });
    sleep.setRepeats(false);
    return word -> {
      text.setBackground(AWAKE);
      text.setText(word);
      frame.setTitle(word);
      sleep.restart();
    };
  }
}
