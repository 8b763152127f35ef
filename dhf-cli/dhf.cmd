@echo off
rem Runs the command line; builds it on the first call. After a change of the sources delete target\launcher.built.
setlocal
set "HERE=%~dp0"
if defined JAVA_HOME (set "JAVA=%JAVA_HOME%\bin\java.exe") else (set "JAVA=java")
if not exist "%HERE%target\launcher.built" (
  echo building ^(first call only^) ... 1>&2
  pushd "%HERE%.."
  call mvn -q -B -ntp -pl dhf-cli -am package -DskipTests 1>&2
  if errorlevel 1 (
    popd
    echo error: the build failed, see above 1>&2
    exit /b 1
  )
  popd
  type nul > "%HERE%target\launcher.built"
)
if not defined OPT_OUT_TRACKING set OPT_OUT_TRACKING=true
if defined DHF_CACHE if not defined DJL_CACHE_DIR set "DJL_CACHE_DIR=%DHF_CACHE%\djl"
set COMPILERS=-XX:TieredStopAtLevel=1
for %%C in (train eval table1 render) do if "%1"=="%%C" set COMPILERS=
"%JAVA%" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC %COMPILERS% -Djava.awt.headless=true %DHF_JAVA_OPTS% -cp "%HERE%target\classes;%HERE%target\lib\*" io.github.dhf4j.cli.Dhf %*
exit /b %ERRORLEVEL%
