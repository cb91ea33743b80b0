echo ']52;c;AAAA'
