"""`python3 oracle/serve.py PORT [THREADS]`: the reference engine behind HTTP on the loopback interface, to be timed beside hallmark-serve.

The same engine and R4 packages as `just oracle`; ends with SIGINT or SIGTERM. `service/tests/strike.rs` sends it load.
"""

import argparse
import os
import subprocess
import sys

from compare import places_of_things
from reference import HERE, Missing, Reference


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("threads", type=int, nargs="?", default=os.cpu_count())
    places_of_things(parser)
    args = parser.parse_args()
    try:
        reference = Reference(args.cache, args.packages)
    except Missing as missing:
        sys.exit(f"oracle: {missing}")
    classpath = f"{reference.classes}:{reference.lib}/*"
    source = os.path.join(HERE, "src", "Serve.java")
    subprocess.run(["javac", "-nowarn", "-cp", classpath, "-d", reference.classes, source], check=True, stdout=sys.stderr)
    options = os.environ.get("ORACLE_JAVA", "-Xmx4g").split()
    folders = [folder for folder in reference.folders if folder.startswith("4.0=")]
    # Without it every answer waits forty milliseconds for an acknowledgement.
    options.append("-Dsun.net.httpserver.nodelay=true")
    quiet = "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"
    os.execvp("java", ["java", *options, quiet, "-cp", classpath, "Serve", str(args.port), str(args.threads), *folders])


if __name__ == "__main__":
    main()
