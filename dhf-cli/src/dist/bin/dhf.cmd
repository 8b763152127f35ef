@echo off
rem Runs the command line with the jars beside it; needs Java 17 or later and nothing else.
setlocal
if defined JAVA_HOME (set "JAVA=%JAVA_HOME%\bin\java.exe") else (set "JAVA=java")
if not defined OPT_OUT_TRACKING set OPT_OUT_TRACKING=true
if defined DHF_CACHE if not defined DJL_CACHE_DIR set "DJL_CACHE_DIR=%DHF_CACHE%\djl"
if not defined DHF_CLASS_PATH set "DHF_CLASS_PATH=%~dp0..\lib\*"
set COMPILERS=-XX:TieredStopAtLevel=1
for %%C in (train train-pipeline train-backbone eval calibrate calls table1 render) do if "%1"=="%%C" set COMPILERS=
"%JAVA%" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC %COMPILERS% -Djava.awt.headless=true %DHF_JAVA_OPTS% -cp "%DHF_CLASS_PATH%" io.github.dhf4j.cli.Dhf %*
exit /b %ERRORLEVEL%
