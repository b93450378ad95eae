@echo off
rem Runs Rouse on Windows. In a clone, it first builds target\rouse.jar if that is missing or older than its sources.
rem JAVA_HOME: the Java to use (17 or later). ROUSE_JAVA_OPTS: more options for java.
setlocal EnableExtensions DisableDelayedExpansion
set "HOME_DIR=%~dp0"
set "HOME_DIR=%HOME_DIR:~0,-1%"
set "TARGET=%HOME_DIR%\target"
set "LIBRARIES=%TARGET%\lib"
if exist "%HOME_DIR%\..\lib\rouse.jar" (
  for %%d in ("%HOME_DIR%\..\lib") do set "TARGET=%%~fd"
  for %%d in ("%HOME_DIR%\..\lib") do set "LIBRARIES=%%~fd"
  for %%d in ("%HOME_DIR%\..") do set "HOME_DIR=%%~fd"
)
set "JAR=%TARGET%\rouse.jar"
set "EXTRA=%USERPROFILE%\.local\share\rouse\lib"
if exist "%HOME_DIR%\runtime\bin\java.exe" set "JAVA_HOME=%HOME_DIR%\runtime"

if defined JAVA_HOME (set "JAVA=%JAVA_HOME%\bin\java.exe") else (set "JAVA=java.exe")
if defined JAVA_HOME if not exist "%JAVA%" (
  echo rouse: JAVA_HOME is %JAVA_HOME%, which has no bin\java.exe>&2
  exit /b 1
)
if not defined JAVA_HOME where /q java.exe || (
  echo rouse: no java found: install Java 17 or later, or set JAVA_HOME>&2
  exit /b 1
)
rem Java 16 and earlier reject this option.
"%JAVA%" --enable-native-access=ALL-UNNAMED -version >nul 2>&1 || (
  echo rouse: "%JAVA%" is too old: Rouse needs Java 17 or later>&2
  exit /b 1
)

if not exist "%HOME_DIR%\pom.xml" goto :packaged
call :fresh || call :build || exit /b 1
goto :run
:packaged
if not exist "%JAR%" (
  echo rouse: neither "%JAR%" nor sources to build it from>&2
  exit /b 1
)

:run
set "COLLECTOR=-XX:+UseSerialGC"
if defined ROUSE_JAVA_OPTS if not "%ROUSE_JAVA_OPTS:-XX:+Use=%"=="%ROUSE_JAVA_OPTS%" set "COLLECTOR="
set "TERMINAL="
if "%~1"=="new" set "TERMINAL=-Drouse.err.terminal=true"
set "MEMORY="
if "%~1"=="serve" set "MEMORY=-XX:+ExitOnOutOfMemoryError -XX:+DisplayVMOutputToStderr"
if "%~1"=="listen" set "MEMORY=-XX:+ExitOnOutOfMemoryError -XX:+DisplayVMOutputToStderr"
"%JAVA%" %COLLECTOR% %TERMINAL% %MEMORY% -Xshare:auto --enable-native-access=ALL-UNNAMED "-Drouse.home=%HOME_DIR%" "-Drouse.launcher=%~f0" "-Drouse.libraries=%EXTRA%" %ROUSE_JAVA_OPTS% -cp "%JAR%;%LIBRARIES%\*;%EXTRA%\*" io.github.rouse.cli.Main %*
exit /b %ERRORLEVEL%

:fresh
if not exist "%JAR%" exit /b 1
if not exist "%TARGET%\lib\" exit /b 1
if exist "%TARGET%\.rouse-building" exit /b 1
powershell -NoProfile -Command "$j = (Get-Item -LiteralPath $env:JAR).LastWriteTimeUtc; $h = $env:HOME_DIR; $n = Get-ChildItem -Recurse -LiteralPath ($h + '\src\main'), ($h + '\pom.xml') | Where-Object { $_.LastWriteTimeUtc -gt $j } | Select-Object -First 1; if ($n) { exit 1 } else { exit 0 }"
exit /b %ERRORLEVEL%

:build
where /q mvn || (
  echo rouse: no mvn found: install Maven to build Rouse from these sources>&2
  exit /b 1
)
if not exist "%TARGET%\" mkdir "%TARGET%"
rem Only one cmd can hold this file open for writing; Windows closes it when that cmd exits.
set "LOCKED="
2>nul (
  9>"%TARGET%\.rouse-lock" (
    set "LOCKED=1"
    call :maven
  )
)
if not defined LOCKED (
  echo rouse: another build is running; try again when it has finished>&2
  exit /b 1
)
if exist "%TARGET%\.rouse-building" (
  type "%TARGET%\rouse-build.log">&2
  echo rouse: the build failed; the full log is in "%TARGET%\rouse-build.log">&2
  exit /b 1
)
exit /b 0

:maven
rem stderr is redirected around the lock above, so this line goes to the console.
echo rouse: building (first run downloads the dependencies, a minute or two)...>con
type nul >"%TARGET%\.rouse-building"
call mvn -q -B -Dstyle.color=never -Dmaven.test.skip=true -f "%HOME_DIR%\pom.xml" package <nul >"%TARGET%\rouse-build.log" 2>&1 && del "%TARGET%\.rouse-building"
exit /b 0
