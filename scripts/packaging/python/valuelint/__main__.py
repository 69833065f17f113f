"""`python -m valuelint`: runs the program that was installed along with this module."""
import os
import pathlib
import sys
import sysconfig


def find_program():
    """The program's path: where pip puts scripts for this interpreter, for its user, or beside a --target folder."""
    user = f"{os.name}_user"
    folders = [sysconfig.get_path("scripts"), sysconfig.get_path("scripts", user), pathlib.Path(__file__).parents[1] / "bin"]
    for folder in folders:
        program = pathlib.Path(folder, "valuelint")
        if program.is_file():
            return program
    sys.exit(f"valuelint: the program is in none of {', '.join(map(str, folders))}; install the package anew")


def main():
    program = find_program()
    os.execv(program, [str(program), *sys.argv[1:]])


if __name__ == "__main__":
    main()
