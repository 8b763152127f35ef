@echo off
rem Runs the command line; builds it on the first call. After a change of the sources delete target\launcher.built.
setlocal
set "HERE=%~dp0"
if not exist "%HERE%target\launcher.built" (
  echo building ^(first call only^) ... 1>&2
  pushd "%HERE%.."
  call mvn -q -B -ntp -pl dhf-cli -am package -DskipTests -Ddistribution.skip 1>&2
  if errorlevel 1 (
    popd
    echo error: the build failed, see above 1>&2
    exit /b 1
  )
  popd
  type nul > "%HERE%target\launcher.built"
)
set "DHF_CLASS_PATH=%HERE%target\classes;%HERE%target\lib\*"
call "%HERE%src\dist\bin\dhf.cmd" %*
exit /b %ERRORLEVEL%
