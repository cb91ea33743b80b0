"""Secrets become stars, ordinary code stays what it is, and no line takes long."""

import base64
import random
import sysconfig
import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.privacy import named, redaction
from duo_lsp.privacy.redaction import WORDS, redacted
from duo_lsp.protocol.text_units import split_lines
from privacy.planted import KEY, PLANTED, leaked
from waiting import best

CODE = "import os\n\n\ndef connect(url, name):\n    return url.open(name)\n"


@pytest.mark.parametrize("planted", PLANTED, ids=lambda one: one.kind)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_nothing_of_a_planted_secret_stays(planted, end):
    sent = redacted((CODE + planted.text + CODE).replace("\n", end))
    assert leaked(planted.secret.replace("\n", end), sent) == ""
    assert sent.startswith(CODE.replace("\n", end))
    assert sent.endswith(CODE.replace("\n", end))
    assert "*" in sent


def test_only_the_secret_becomes_stars():
    assert redacted('db = connect(user="me", password="hunter22", port=1)\n') == (
        'db = connect(user="me", password="********", port=1)\n'
    )
    assert redacted("postgres://me:hunter22@host/db") == "postgres://me:********@host/db"
    assert redacted("passphrase: 'one two'") == "passphrase: '*** ***'"


@pytest.mark.parametrize(
    "text",
    [
        'password = ""',
        'password = "${DB_PASSWORD}"',
        'password = "{{ vault.password }}"',
        'password: "%s" % password',
        "password = os.environ['DB_PASSWORD']",
        "password = get_password(user)",
        "password: str = field()",
        "password: Option<String>,",
        "secretary = 'Bob, from accounting'",
        "tokens = tokenize('a b c')",
        'token = "identifier"',
        'if token == "while":',
        "PASSWORD=$(cat /run/secrets/db)",
        "PASSWORD=$DB_PASSWORD make",
        "TOKEN=/run/secrets/token",
        "password = user.password1",
        'getpass.getpass("Password: ", stream=None)',
        "curl -u $USER:$PASSWORD https://example.com",
        "http://localhost:8080/path",
        "http://host:port/path",
        "https://{user}:{password}@{host}/",
        "https://user:<password>@host",
        "commit da39a3ee5e6b4b0d3255bfef95601890afd80709",
        'id = "550e8400-e29b-41d4-a716-446655440000"',
        'key = "550e8400-e29b-41d4-a716-446655440000"',
        'session = "a session with a name"',
        '"sha512": "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="',
        "class='sk-container sk-toggleable__content'",
        "npm_config_registry npm_lifecycle_event hf_transformers",
        "SG.get_something()",
        "a = b['public_key_path']",
        "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEbGzVnzANBgkqhkiG9w0BAQsFADBs\n-----END CERTIFICATE-----",
        "basic authentication and bearer authentication",
        "# the basic MIMEAudio class",
        "_LONGEST_TOKEN = 10_000",
        "TOKEN_SECONDS = 3600.0",
        "password = 0x10",
        'result = {"Topics": topics, "NextToken": next_token}',
        '"password": validate_password,',
        "'password': form.password, 'token': token}",
        'def patch(self, path, secret, mount_point="secret"): ...',
        "raise KeyError('password') from error",
        "# added to the token's defects list, and it's so for a password; that's all",
        "v = {b'invalid_key': False, 'valid_key': True}",
        'headers["Access-Control-Allow-Credentials"] = "true"',
        "os.environ['HTTP_PROXY'] = 'http://somewhere:3128'",
        "user_pass = '%s:%s' % (user, password)",
        'fields = ("username", "password", "email")',
        'get_secret("my-app/database")',
        'os.getenv("DB_PASSWORD", None)',
        'assert_that("password", "string")',
        '<input type="password" name="second">',
        'tokenizer = "bert-base-2"',
        'f"Driver=x;Uid=me;PWD={given};"',
        '"password": {\n  "type": "string"\n}',
        "if password:\n    break\n",
        "password: (\n    str | None\n)",
        "- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef:\n",
    ],
)
def test_what_is_no_secret_stays(text):
    assert redacted(text) == text


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ('config["password"] = "hunter22"', "hunter22"),
        ("define('DB_PASSWORD', 'hunter22');", "hunter22"),
        ('os.environ.get("API_KEY", "a8b7c6d5e4")', "a8b7c6d5e4"),
        ('const pw: &\'static str = "x"; let db_pass = "hunter22";', "hunter22"),
        ('let password: &\'static str = "hunter22";', "hunter22"),
        ('String apiKey = new String("a8b7c6d5e4");', "a8b7c6d5e4"),
        ("<password>hunter22</password>", "hunter22"),
        ("mysqldump --password=hunter2! db", "hunter2!"),
        ("machine example.com login me password hunter2x", "hunter2x"),
        ("curl -u me:hunter22 https://example.com", "hunter22"),
        ("export GITHUB_TOKEN=abcdefgh", "abcdefgh"),
        ("  redis_password: hunter2x  # old", "hunter2x"),
        ("secret = hunter2!", "hunter2!"),
        ("https://api.example.com/?a=1&api_key=a8b7c6d5e4", "a8b7c6d5e4"),
        ("//host/:_authToken=a8b7c6d5e4", "a8b7c6d5e4"),
        ('cache_key = "kJ8s7Hd63Kd9sLq02Xz"', "kJ8s7Hd63Kd9sLq02Xz"),
        ("root:$6$rounds=5000$saltsalt$abcdefghij", "$6$rounds=5000$saltsalt$abcdefghij"),
        ('x = "\\nglpat-abcdefgh"', "glpat-abcdefgh"),
        ("İ password='hunter22'", "hunter22"),
        ("password='pässwörd€'", "pässwörd€"),
        ('password = """hunter22"""', "hunter22"),
        ('f(password="hunter22", token="b8c7d6e5")', "b8c7d6e5"),
        ("spring.datasource.password=hunter2x", "hunter2x"),
        ("AccountKey=hunter2x+/==;EndpointSuffix=core", "hunter2x+/=="),
        ("host=db user=me password=hunter2x", "hunter2x"),
        ('<entry name="secret">hunter2x</entry>', "hunter2x"),
        ('auth: { user: "me", pass: "hunter2x" }', "hunter2x"),
        ('curl -H "X-Api-Key: a8b7c6d5e4"', "a8b7c6d5e4"),
        ("mysql -u root -phunter2x db", "hunter2x"),
        ("docker login -u me -p hunter2x", "hunter2x"),
        ("https://x.example/?sv=1&sig=a8b7c6d5e4%3D", "a8b7c6d5e4%3D"),
    ],
)
def test_secrets_are_known_by_their_names_and_places(text, secret):
    sent = redacted(text)
    assert secret not in sent
    assert "*" * len(secret) in sent


WRITTEN = [
    ('ds.setPassword("{}");', "correcthorse"),
    ('props.put("password", "{}");', "correcthorse"),
    ('os.getenv("DB_PASS", "{}")', "correcthorse"),
    ('key = process.env.API_KEY || "{}";', "correcthorse"),
    ('{{:user "a" :password "{}"}}', "correcthorse"),
    ('#define WIFI_PASS "{}"', "correcthorse"),
    ('char password[] = "{}";', "correcthorse"),
    ('password <- "{}"', "correcthorse"),
    ('Dim password As String = "{}"', "correcthorse"),
    ("CREATE USER me IDENTIFIED BY '{}';", "Tr0ub4dor&3x!"),
    ("ALTER USER me ENCRYPTED PASSWORD '{}';", "correcthorse"),
    ('ConvertTo-SecureString "{}" -AsPlainText', "Tr0ub4dor&3x!"),
    ('{{\\"password\\": \\"{}\\"}}', "correcthorse"),
    ('<add key="DbPassword" value="{}"/>', "correcthorse"),
    ('{{"name": "DB_PASSWORD", "value": "{}"}}', "correcthorse"),
    ("<password><![CDATA[{}]]></password>", "Tr0ub4dor&3x!"),
    ('@Value("${{db.password:{}}}")', "correcthorse"),
    ('curl -H "Authorization: token {}"', "f3Kx9TqLm2Vb7RzP"),
    ("mysqldump --password={} db", "correcthorse"),
    ("sshpass -p '{}' ssh me@host", "Tr0ub4dor&3x!"),
    ("host=db user=me password={}", "correcthorse"),
    ("password: {}", "Tr0ub4dor&3x!"),
    ("  redis_password: {}  # old\n", "hunter2x"),
    ('HTTPBasicAuth("me", "{}")', "Tr0ub4dor3"),
    ("https://{}@example.com/a.git", "f3Kx9TqLm2Vb7RzP"),
    ("Set-Cookie: sessionid={}; Path=/", "f3Kx9TqLm2Vb7RzPw8Yc4N"),
    ("tls.key: {}", "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpNSUlF"),
    ("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n{}\n---- END", KEY.replace("\n", "")),
]
BELOW = [
    'password = (\n    "{}"\n)\n',
    'const secret =\n  "{}";\n',
    'db.password=\\\n    "{}"\n',
    '{{"password":\n   "{}"}}\n',
    'connect(\n    "me",\n    password=\n    "{}")\n',
    'variable "db_password" {{\n  type = string\n  default = "{}"\n}}\n',
    '- name: DB_PASSWORD\n  value: "{}"\n',
    '"name": "DB_PASSWORD",\n"value": "{}"\n',
    "<password>\n  {}\n</password>\n",
    "<key>APIKey</key>\n<string>{}</string>\n",
    'password = """\n{}\n"""\n',
    "password = '''\n\n  {}'''\n",
]
BARE_LINES = [
    "password: {}",
    "  MYSQL_ROOT_PASSWORD: {}",
    "password={}",
    "spring.datasource.password = {}",
    "db.password:{}",
    "ENV DB_PASSWORD {}",
    "export db_password={}",
    "set -x API_KEY {}",
    "ansible_become_password: {} # prod",
    "password: |\n  {}\n",
    "password: >-\n  {}\n",
    "- name: DB_PASSWORD\n  value: {}\n",
    "db.password=\\\n   {}\n",
]


@pytest.mark.parametrize(("shape", "secret"), WRITTEN)
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_secrets_are_known_in_whatever_language_they_are_written(shape, secret, end):
    assert leaked(secret, redacted(shape.format(secret) + end)) == ""


@pytest.mark.parametrize(
    "start",
    [
        '<add key="DbPassword" value="',
        '{"name": "DB_PASSWORD", "value": "',
        'ds.setPassword("',
        'props.put("password", "',
        'HTTPBasicAuth("me", "',
    ],
)
def test_a_secret_is_hidden_before_its_quote_is_closed(start):
    assert redacted(start + "Tr0ub4dor3") == start + "*" * 10
    assert redacted(start + "Tr0ub4dor3\n") == start + "*" * 10 + "\n"


@pytest.mark.parametrize("shape", BELOW)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_secrets_below_their_names_are_known(shape, end):
    text = shape.format("correct-horse-7").replace("\n", end)
    sent = redacted(text)
    assert leaked("correct-horse-7", sent) == ""
    assert len(sent) == len(text)
    assert leaked("correct-horse-7", redacted("a" + end + text + text)) == ""


@pytest.mark.parametrize("shape", BARE_LINES)
@pytest.mark.parametrize("secret", ["correcthorse", "Tr0ub4dor&3x!", "pass;word|1", "hunter2"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_where_no_quotes_are_needed_a_word_is_a_password(shape, secret, end):
    sent = redacted((shape + "\n").format(secret).replace("\n", end), bare=True)
    assert secret not in sent


@pytest.mark.parametrize(
    "text",
    [
        "password: true\n",
        "password: {{ vault_password }}\n",
        "password: ${DB_PASSWORD}\n",
        "password: !vault |\n",
        "password: Passwort\n",
        "password:\n  type: string\n  format: password\n",
        "password: &anchor\n",
        "secret_file: /run/secrets/db\n",
        "password: string\n",
        "passwords: []\n",
        "password_min_length: 12\n",
        "password: ''\n",
        "- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef:\n      name: db\n",
    ],
)
def test_what_is_no_password_stays_where_no_quotes_are_needed(text):
    assert redacted(text, bare=True) == text


@pytest.mark.parametrize("quote", ['"', "'", "`", '"""'])
def test_after_an_open_quote_behind_a_password_everything_is_hidden(quote):
    assert redacted(f"password = {quote}correct hor") == f"password = {quote}******* ***"
    assert redacted(f"  setPassword({quote}correct hor") == f"  setPassword({quote}******* ***"


any_text = st.lists(
    st.sampled_from(
        [
            *(word for word, _ in WORDS),
            *(one.text for one in PLANTED),
            *(KEY, "password", "token", "api_key", "pass", "=", ": ", '"', "'", "`", "\\", "\n", "\r\n", "\r", " "),
            *("://a:b@", "é漢😀İ", "\ud83d", "a1B2c3D4e5", "("),
        ]
    )
    | st.text(max_size=6),
    max_size=30,
).map("".join)


@given(any_text)
def test_length_and_lines_and_blanks_stay_whatever_the_text(text):
    sent = redacted(text)
    assert list(map(len, split_lines(sent))) == list(map(len, split_lines(text)))
    assert all(new in {old, "*"} for old, new in zip(text, sent, strict=True))
    assert all(old == new for old, new in zip(text, sent, strict=True) if old.isspace())


@given(any_text)
def test_what_was_hidden_is_not_looked_at_again(text):
    once = redacted(text)
    assert leaked(KEY, redacted(once)) == leaked(KEY, once)


def test_the_name_of_a_file_keeps_its_extension():
    assert redaction.name("src/app.py") == "src/app.py"
    assert redaction.name("keys/glpat-" + "a1" * 10 + ".py") == "keys/" + "*" * 26 + ".py"
    assert redaction.name("glpat-a1a1a1") == "************"
    assert redaction.name(".bashrc") == ".bashrc"
    assert redaction.name("v1.0/glpat-a1a1a1") == "v1.0/************"


def ordinary_code(count):
    """So many lines of Python's own library, always the same ones of one version."""
    lines = []
    for path in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
        lines += path.read_text("utf-8", "replace").splitlines(keepends=True)
    random.Random(4).shuffle(lines)
    return [line for line in lines if line.strip()][:count]


def test_ten_thousand_lines_of_ordinary_code_raise_five_false_alarms_at_most():
    lines = ordinary_code(10_000)
    assert len(lines) == 10_000
    alarms = redaction.look(lines).stars
    assert len(alarms) <= 5, alarms


def test_uuids_hashes_and_images_raise_none():
    draw = random.Random(4)
    lines = [f'commit {draw.randbytes(20).hex()}  "{draw.randbytes(16).hex()}"\n' for _ in range(3_000)]
    lines += [f"id: {uuid.UUID(bytes=draw.randbytes(16))}" for _ in range(3_000)]
    lines += [f'src="data:image/png;base64,{base64.b64encode(draw.randbytes(3_000)).decode()}"' for _ in range(100)]
    assert redaction.look(lines).stars == {}


PIECES = sorted(
    {word for word, _ in WORDS}
    | {"password", "password='", 'password = "', "password: ", "PASSWORD=", "?password=", "token='", "_pw", "key='"}
    | {"://a:", "://a:b", "aws_key", "bearer ", "curl -u a:", "secret_key_key_", "-----BEGIN PRIVATE KEY-----", "\\'"}
    | {
        "-----BEGIN PRIVATE KEY-----\\n",
        "password = '\\\\",
        "deadbeef",
        "a1Q~",
        "12345678:AA",
        "--password ",
        "a",
        "$2a$",
    }
)
LONG = 40_000


@pytest.mark.slow
@pytest.mark.parametrize("between", ["", " ", "x"])
def test_no_line_takes_much_longer_than_its_length_says(between):
    """Half of a line takes about half of its time: no expression goes back over what it has read."""
    for piece in PIECES:
        line = (f"{piece}{between}" * LONG)[:LONG]
        whole, half = seconds(line), seconds(line[: LONG // 4])
        assert whole < max(0.1, 12 * half), f"{piece!r}: {whole:.3f} s, a quarter of it {half:.3f} s"


def seconds(line):
    """Processor time, the best of two."""
    return best(lambda: redacted(line), times=2)


def test_a_line_with_names_of_secrets_without_end_is_hidden_from_some_point_on():
    line = "_pw " * (named.MOST_NAMES + 5)
    assert redacted(line) == "_pw " * named.MOST_NAMES + "_" + "** " + "*** " * 4


def test_every_expression_can_be_made_and_has_a_name_of_its_own():
    redaction.prepare()
    assert all(rule.words for rule in redaction.RULES)
    found = [rule.name for rule in redaction.RULES] + [rule.name for rule in named.NAMED]
    assert len(set(found)) == len(found) > 40
