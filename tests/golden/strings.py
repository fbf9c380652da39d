"""What the tokenizer and template goldens are made on: hand-picked hard cases, then seeded mixtures of them."""

import random

HARD = [
    "", " ", "  ", "   ", "\n", "\n\n", " \n", "\n ", "\t", "\t\t", " \t \n \r\n", "\r\n\r\n", "a  b", "a   b", "a \n b",
    "trailing space ", "trailing spaces   ", "  leading", "\nleading newline", "tabs\tbetween\twords", "\u00a0", "a\u00a0b",
    "\u2003em space", "\u3000ideographic space", "\ufeffbyte order mark", "next\u0085line", "line\u2028separator\u2029",
    "zero\u200bwidth\u200djoiner", "null\x00byte", "bell\x07", "\x1b[31mred\x1b[0m", "vertical\x0btab", "form\x0cfeed",
    "Hello, world!", "Hello World", "hello", "HELLO", "don't can't we'll they've I'm he'd it's", "DON'T CAN'T WE'LL",
    "\u2019s curly \u2018quotes\u2019 \u201cdouble\u201d", "'s't're've'm'll'd", "rock'n'roll", "''''", "'tis",
    "1", "12", "123", "1234", "12345", "1234567890", "3.14159", "1,000,000", "1e-5", "0x1F", "2024-11-23", "10:30", "\u00bd",
    "\u00b2\u00b3", "x\u00b2+y\u00b2", "\u2460\u2461\u2462", "\u2160\u2161\u2162", "\u0663\u0664\u0665", "\u096a\u0968",
    "\uff11\uff12\uff13", "a1b2c3", "v2.0.1", "50%", "$19.99", "\u20ac5", "#1", "no.1", "1st 2nd 3rd", "007", "1 2 3", "1  2",
    "!", "!!", "?!", "...", "\u2026", "--", "\u2014", "()", "[]", "{}", "<>", "a/b", "a\\b", "a_b", "a-b", "@name", "#tag",
    "e@mail.com", "https://example.com/a?b=c&d=e#f", "C:\\Windows\\System32", "/usr/local/bin", "foo::bar", "a->b", "a=>b",
    "def f(x):\n    return x + 1\n", "for (let i = 0; i < n; i++) {\n\tsum += a[i];\n}\n", "if x == 1:\n        pass",
    "#include <stdio.h>\nint main(void) { return 0; }", "SELECT * FROM t WHERE a >= 'b' -- note\n", "{\"key\": [1, 2.5, null]}",
    "<div class=\"x\">&amp;</div>", "```python\nprint('hi')\n```", "$x^2 + \\frac{1}{2}$", "let re = /\\d+(?:\\.\\d*)?/gu",
    "\u00e9", "e\u0301", "caf\u00e9 cafe\u0301", "\u212b \u00c5 A\u030a", "\ufb01ne", "\u1e9e\u00df", "na\u00efve r\u00e9sum\u00e9",
    "\u0130stanbul \u0131", "Stra\u00dfe", "\u00c6r\u00f8sk\u00f8bing", "\u0141\u00f3d\u017a", "\u01c5", "\uac00\u1100\u1161",
    "\u043f\u0440\u0438\u0432\u0435\u0442 \u043c\u0438\u0440", "\u0395\u03bb\u03bb\u03ac\u03b4\u03b1", "\u4f60\u597d\uff0c\u4e16\u754c\uff01",
    "\u3053\u3093\u306b\u3061\u306f", "\u30ab\u30bf\u30ab\u30ca\uff76\uff85", "\uc548\ub155\ud558\uc138\uc694", "\u0645\u0631\u062d\u0628\u0627",
    "\u05e9\u05dc\u05d5\u05dd", "\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd", "\u0928\u092e\u0938\u094d\u0924\u0947", "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35",
    "\u10d2\u10d0\u10db\u10d0\u10e0\u10ef\u10dd\u10d1\u10d0", "\u1230\u120b\u121d", "\u0b95\u0bcd\u0bb7", "\u1820\u1828", "\U00012000\U00012001",
    "\U0001f600", "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466", "\U0001f44d\U0001f3fd", "\U0001f1e9\U0001f1ea", "\u2764\ufe0f", "1\ufe0f\u20e3",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "a\U0001f389b", "\U0001f389\U0001f389\U0001f389", "\u2620\u2603\u2604", "\U0001d4d0\U0001d4d1",
    "\ufffd", "\ufffe", "\U0010ffff", "\ue000", "a\u0300\u0301\u0302\u0303b", "Z\u0351\u036b\u0343\u036aalgo",
    "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|im_start|>user\nhi<|im_end|>\n", "a<|im_end|>b", " <|im_end|> ",
    "<|im_start|><|im_start|>", "<|im_start", "im_end|>", "<|IM_END|>", "< |im_end|>", "<repo_name>x", "<file_sep><filename>",
    "<|endoftext|>\n\n<|endoftext|>", "<|im_<|im_end|>end|>", "<|unknown|>", "<s>", "</s>", "<gh_stars>100", "<jupyter_code>1+1",
    "\u0120token", "\u010a", "\u0120\u0120", "\u00c4\u0142", "constructor", "__proto__", "toString", "hasOwnProperty", "0", "null",
    "supercalifragilisticexpialidocious", "antidisestablishmentarianism", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "ababababababababababab", "camelCaseAndPascalCase", "snake_case_name", "SCREAMING_SNAKE", "kebab-case-name", "MixedUPandDOWN",
    "       eight spaces", "word" + " " * 40 + "word", "\n" * 12, " " * 33, "\t" * 9, "-" * 70, "=" * 33, "." * 21, "a" * 300,
    "The quick brown fox jumps over the lazy dog.", "In 1815, after Waterloo, Napoleon was exiled to Saint Helena.",
    "Question: Who wrote it?\nAnswer: Nobody knows.\n", "1. First\n2. Second\n   - nested\n", "| a | b |\n|---|---|\n| 1 | 2 |",
]

RANGES = [
    (0x20, 0x7E), (0xA0, 0x17F), (0x370, 0x3FF), (0x400, 0x4FF), (0x590, 0x6FF), (0x900, 0x97F), (0xE00, 0xE7F),
    (0x1E00, 0x1EFF), (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2190, 0x22FF),
    (0x2460, 0x24FF), (0x3040, 0x30FF), (0x4E00, 0x4FFF), (0xAC00, 0xACFF), (0xFF00, 0xFFEF), (0x1F300, 0x1F64F),
    (0x1D400, 0x1D4FF), (0x00, 0x1F),
]


def make_strings():
    rng = random.Random(20)
    strings = list(HARD)
    separators = ["", " ", "  ", "\n", "\n\n", "\t", ", ", ". ", "-", "_", "'", "\r\n"]
    while len(strings) < 800:
        pieces = rng.choices(HARD, k=rng.randint(2, 4))
        text = "".join(piece[:40] + rng.choice(separators) for piece in pieces)
        strings.append(text)
    while len(strings) < 1150:
        low, high = rng.choice(RANGES)
        other = rng.choice(RANGES)
        draw = lambda: rng.randint(low, high) if rng.random() < 0.8 else rng.randint(*other)
        strings.append("".join(" " if rng.random() < 0.12 else chr(draw()) for _ in range(rng.randint(1, 24))))
    while len(strings) < 1250:
        strings.append("".join(rng.choice(" \n\t\r\u00a0\u0085a1.'") for _ in range(rng.randint(1, 20))))
    return strings


CONVERSATIONS = [
    [{"role": "user", "content": "Hello!"}],
    [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Who was it?"}],
    [
        {"role": "user", "content": "One\nline"},
        {"role": "assistant", "content": " two "},
        {"role": "user", "content": "'quotes' \"and\" {{ braces }} {% if %} \U0001f389"},
    ],
    [{"role": "user", "content": ""}, {"role": "assistant", "content": "x"}],
]

# Templates written for the purpose, with the constructs that published ones use.
TEMPLATES = {
    "headers": (
        "{{- bos_token }}\n{%- if messages[0]['role'] == 'system' %}\n    {%- set system = messages[0]['content']|trim %}\n"
        "    {%- set messages = messages[1:] %}\n{%- else %}\n    {%- set system = '' %}\n{%- endif %}\n"
        "{{- '<|start|>system<|end|>\\n\\n' + system + '<|eot|>' }}\n"
        "{%- for message in messages %}\n"
        "    {{- '<|start|>' + message['role'] + '<|end|>\\n\\n' + message['content'] | trim + '<|eot|>' }}\n"
        "{%- endfor %}\n{%- if add_generation_prompt %}\n    {{- '<|start|>assistant<|end|>\\n\\n' }}\n{%- endif %}\n"
    ),
    "namespace": (
        "{%- set ns = namespace(last=-1) %}{%- for message in messages %}{%- if message.role == 'user' %}"
        "{%- set ns.last = loop.index0 %}{%- endif %}{%- endfor %}"
        "{%- for message in messages %}{{ message.role ~ '[' ~ loop.index ~ '/' ~ messages|length ~ ']: ' }}"
        "{%- if loop.index0 == ns.last and not tools %}{{ message.content|upper }}{% else %}{{ message.content }}{% endif %}"
        "{{ eos_token if loop.last else '\\n' }}{%- endfor %}"
        "{%- if add_generation_prompt is defined and add_generation_prompt %}{{ 'assistant: ' }}{%- endif %}"
    ),
}
