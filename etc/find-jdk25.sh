# Sourced by mvnw and interlock. Leaves JAVA_HOME pointing to a JDK of version 25 or later, or explains what is missing and exits 1.
# INTERLOCK_JVM_DIR is where the system keeps its JDKs, /usr/lib/jvm unless set. Tests set it to play a machine without a JDK 25.
system_jvm_dir=${INTERLOCK_JVM_DIR:-/usr/lib/jvm}

# Prints the feature version ("25") of the JDK in $1; fails if $1 holds no JDK (a JRE has no javac).
jdk_feature_version() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9][0-9]*\).*/\1/p' "$1/release"
}

is_jdk25() {
  version=$(jdk_feature_version "$1") || return 1
  [ -n "$version" ] && [ "$version" -ge 25 ]
}

find_jdk25() {
  for candidate in "${JAVA_HOME-}" "${JAVA25_HOME-}" \
    "$system_jvm_dir"/* "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$candidate" ] && is_jdk25 "$candidate"; then
      JAVA_HOME=$candidate
      export JAVA_HOME
      return 0
    fi
  done
  return 1
}

require_jdk25() {
  find_jdk25 && return 0
  cat >&2 <<MESSAGE
Interlock needs a JDK 25 or later (java and javac) and found none.
Looked in: JAVA_HOME (${JAVA_HOME:-not set}), JAVA25_HOME (${JAVA25_HOME:-not set}), $system_jvm_dir/*,
           ~/.sdkman/candidates/java/*, ~/.jdks/*, /Library/Java/JavaVirtualMachines/*.
Install a JDK 25, for example Eclipse Temurin 25 (sdk install java 25-tem, or your system's temurin-25-jdk package), or set JAVA25_HOME to one.
MESSAGE
  exit 1
}
