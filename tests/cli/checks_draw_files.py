def check(program, checks, folder):
    pass
