"""Chat templates, and what Jinja itself makes of them.

    python3 generate.py            writes cases.json beside this file; needs jinja2 3.1

The environment is the one chat templates are written for: sandboxed, trim_blocks, lstrip_blocks, loop controls, tojson that
keeps non-ASCII. The family templates are written for these tests, in the formats of the families and with
the statements that published templates use.
"""

import json
import pathlib

import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment

QWEN = r"""{#- ChatML with Hermes calls; thoughts are kept only after the last question. -#}
{%- macro turn(role, text) -%}
    {{- '<|im_start|>' ~ role ~ '\n' ~ text ~ '<|im_end|>\n' -}}
{%- endmacro -%}
{%- macro call(one) -%}
    {%- set f = one.function if one.function is defined else one -%}
    {{- '<tool_call>\n{"name": "' + f.name + '", "arguments": ' -}}
    {{- f.arguments if f.arguments is string else f.arguments | tojson -}}
    {{- '}\n</tool_call>' -}}
{%- endmacro -%}
{%- set has_system = messages[0].role == 'system' -%}
{%- set rules = messages[0]['content'] if has_system else '' -%}
{%- if tools %}
    {%- set listed %}
        {%- for tool in tools %}
{{ tool | tojson }}
        {%- endfor %}
    {%- endset %}
    {{- turn('system', rules ~ '\n\nCall these with <tool_call>{"name": ..., "arguments": ...}</tool_call>:' ~ listed) }}
{%- elif has_system %}
    {{- turn('system', rules) }}
{%- endif %}
{%- set state = namespace(question=messages | length, open=true) %}
{%- for m in messages[::-1] if state.open %}
    {%- if m.role == 'user' and m.content is string and not m.content.startswith('<tool_response>') %}
        {%- set state.question = messages | length - loop.index %}
        {%- set state.open = false %}
        {%- break %}
    {%- endif %}
{%- endfor %}
{%- for m in (messages[1:] if has_system else messages) %}
    {%- set text = m.content if m.content is string else '' %}
    {%- if m.role == 'tool' %}
        {%- if loop.previtem is not defined or loop.previtem.role != 'tool' %}{{ '<|im_start|>user' }}{% endif %}
        {{- '\n<tool_response>\n' + text + '\n</tool_response>' }}
        {%- if loop.last or loop.nextitem.role != 'tool' %}
            {{- '<|im_end|>\n' }}
        {%- endif %}
    {%- elif m.role == 'assistant' %}
        {%- set parts = text.split('</think>') %}
        {%- set thought = parts[0].split('<think>')[-1].strip('\n') if parts | length > 1 else '' %}
        {%- set said = parts[-1].lstrip('\n') %}
        {%- if thought and loop.index0 > state.question %}
            {%- set said = '<think>\n' + thought + '\n</think>\n\n' + said %}
        {%- endif %}
        {%- set calls %}
            {%- for one in m.tool_calls or [] %}
                {{- '\n' if said or not loop.first }}
                {{- call(one) }}
            {%- endfor %}
        {%- endset %}
        {{- turn('assistant', said ~ calls) }}
    {%- else %}
        {{- turn(m.role, text) }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\n' ~ ('<think>\n\n</think>\n\n' if enable_thinking is defined and enable_thinking is false) }}
{%- endif %}
"""

LLAMA3 = r"""{{- bos_token }}
{%- macro head(role) %}
<|start_header_id|>{{ role }}<|end_header_id|>

{% endmacro %}
{%- if not day is defined %}
    {%- set day = strftime_now('%d %b %Y') if strftime_now is defined else 'unknown' %}
{%- endif %}
{%- set rest = messages %}
{%- set rules = '' %}
{%- if messages and messages[0]['role'] == 'system' %}
    {%- set rules = messages[0]['content'] | trim %}
    {%- set rest = messages[1:] %}
{%- endif %}
{{- head('system') }}
{{- 'Date: ' + day + '\n' }}
{%- for tool in tools or [] %}
    {{- tool | tojson(indent=4) + '\n\n' }}
{%- endfor %}
{{- rules + '<|eot_id|>' }}
{%- for m in rest %}
    {%- if 'tool_calls' in m %}
        {%- if m.tool_calls | length != 1 %}
            {{- raise_exception('One call at a time, not ' ~ m.tool_calls | length) }}
        {%- endif %}
        {%- set f = m.tool_calls[0].function %}
        {{- head('assistant') ~ '{"name": "' ~ f.name ~ '", "parameters": ' ~ f.arguments | tojson ~ '}' }}
    {%- elif m.role in ['tool', 'ipython'] %}
        {{- head('ipython') ~ (m.content | tojson if m.content is mapping or m.content is iterable else m.content) }}
    {%- else %}
        {{- head(m.role) ~ m['content'] | trim }}
    {%- endif %}
    {{- '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}{{ head('assistant') }}{% endif %}
"""

MISTRAL = r"""{%- set rules = messages | selectattr('role', 'equalto', 'system') | map(attribute='content') | join('\n\n') -%}
{%- set talk = messages | rejectattr('role', 'equalto', 'system') | list -%}
{%- set asked = talk | selectattr('role', 'eq', 'user') | list -%}
{%- set said = namespace(turns=0) -%}
{%- for m in talk if m.role != 'tool' and m.tool_calls is not defined -%}
    {%- if (said.turns % 2 == 0) != (m.role == 'user') -%}
        {{- raise_exception('roles must alternate: ' ~ m.role ~ ' comes out of turn') -}}
    {%- endif -%}
    {%- set said.turns = said.turns + 1 -%}
{%- endfor -%}
{{- bos_token -}}
{%- for m in talk -%}
    {%- if m['role'] == 'user' -%}
        {%- if tools is not none and m == asked[-1] -%}
            {{- '[AVAILABLE_TOOLS] [' -}}
            {%- for tool in tools -%}
                {{- '{' -}}
                {%- for key, value in tool.function.items() if key != 'return' -%}
                    {{- '"' ~ key ~ '": ' ~ ('"' ~ value ~ '"' if value is string else value | tojson) ~ ('' if loop.last else ', ') -}}
                {%- endfor -%}
                {{- '}' if loop.last else '}, ' -}}
            {%- endfor -%}
            {{- ' ][/AVAILABLE_TOOLS]' -}}
        {%- endif -%}
        {{- '[INST] ' + (rules + '\n\n' if rules and loop.last else '') + m['content'] + '[/INST]' -}}
    {%- elif m.tool_calls is defined and m.tool_calls is not none -%}
        {{- '[TOOL_CALLS] [' -}}
        {%- for c in m.tool_calls -%}
            {%- if c.id is not defined or c.id | length != 9 -%}
                {{- raise_exception('a call needs an id of 9 letters') -}}
            {%- endif -%}
            {{- (c.function | tojson)[:-1] + ', "id": "' + c.id + '"}' + (', ' if not loop.last else ']' + eos_token) -}}
        {%- endfor -%}
    {%- elif m.role == 'tool' -%}
        {{- '[TOOL_RESULTS] {"content": ' + m.content | string + ', "call_id": "' + m.tool_call_id + '"}[/TOOL_RESULTS]' -}}
    {%- else -%}
        {{- ' ' ~ m['content'] | trim ~ eos_token -}}
    {%- endif -%}
{%- endfor -%}
"""

MIXTRAL = ("{{ bos_token }}{% for m in messages %}{% set mine = m['role'] == 'user' %}{% if mine != (loop.index0 % 2 == 0) or m.role not in ['user', 'assistant'] %}"
           "{{ raise_exception('out of turn: ' + m.role) }}{% endif %}{{ '[INST] ' + m['content'] + ' [/INST]' if mine else m['content'] + eos_token }}{% endfor %}")

TOOL = {"type": "function", "function": {"name": "get_weather", "description": "Shows \"weather\" <b>&' ✓ موسم", "parameters": {
    "type": "object", "properties": {"city": {"type": "string", "description": "a\tb\nc"}, "days": {"type": "integer", "minimum": 1, "default": 2.50}}, "required": ["city"], "x": [1, 1e20, 1.5e-7, True, None, {}]}}}
CALL = {"role": "assistant", "content": "", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "get_weather", "arguments": {"city": "Lahore لاہور", "days": 3}}}]}
RESULT = {"role": "tool", "content": "38 °C", "tool_call_id": "call00001"}
CONVERSATIONS = {
    "user": [{"role": "user", "content": "Hi"}],
    "system": [{"role": "system", "content": " Be kind. "}, {"role": "user", "content": "  Hello\n"}, {"role": "assistant", "content": "A\n"}, {"role": "user", "content": "آپ کیسے ہیں؟ 🙂"}],
    "think": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "<think>\nhm\n</think>\n\nA"}, {"role": "user", "content": "Q2"}],
    "tool": [{"role": "user", "content": "Weather?"}, CALL, RESULT],
    "tools twice": [{"role": "user", "content": "Weather?"}, {**CALL, "content": "Let me look.", "tool_calls": CALL["tool_calls"] * 2}, RESULT, RESULT, {"role": "assistant", "content": "Hot."}, {"role": "user", "content": "Thanks"}],
    "wrong order": [{"role": "assistant", "content": "A"}, {"role": "user", "content": "Q"}],
}

# Name to template; the variables are those below.
SMALL = {
    "trim blocks": "a\n{% if true %}\n  b\n{% endif %}\nc\n",
    "lstrip blocks": "x\n   {% if true %}y{% endif %}\n\t{# c #}  z {% set a = 1 %} {{ a }}\n",
    "no lstrip": "x\n  {%+ if true %}y{%+ endif %}\nz",
    "dashes": "a  {%- if true -%}  b  {%- endif -%}  c {{- 'd' -}}  e {#- f -#} g",
    "plus end": "{% if true +%}\nb\n{% endif +%}\nc",
    "line start after tag": "{% set a = 1 %}\n   {% set b = 2 %}\n   {{ a }}\n   {{ b }}\n",
    "crlf": "a\r\n{% if true %}\r\nb\r\n{% endif %}\r\n",
    "raw": "{% raw %}{{ x }} {% if %}{% endraw %} {{ 1 }}",
    "strings": "{{ 'a\\n\\'b\\'' ~ \"c\\t\\\"\" ~ 'é\\u00e9\\x41' ~ 'a' 'b' }}",
    "numbers": "{{ 1 + 2 * 3 - 4 / 2 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % 3 }} {{ -7 % 3 }} {{ 2 ** 10 }} {{ 1.5 + 1 }} {{ 1e3 }} {{ 10 / 4 }} {{ 1_000 }}",
    "floats": "{{ 0.1 + 0.2 }} {{ 1e16 }} {{ 1.5e-7 }} {{ 123456789.125 }} {{ 1e22 }} {{ 3.0 }}",
    "literals": "{{ none }} {{ true }} {{ False }} {{ [1, 'a', none, true, 2.5] }} {{ {'a': 1, 'b': [x]} }} {{ (1, 2)|list }} {{ [] }}{{ {} }}",
    "comparisons": "{{ 1 < 2 <= 2 }} {{ 1 == 1.0 }} {{ 'a' < 'b' }} {{ 'a' != 'b' }} {{ [1, 2] == [1, 2] }} {{ {'a': 1} == {'a': 1} }} {{ none == none }} {{ x == y }}",
    "logic": "{{ 0 or 'b' }} {{ 'a' and '' }}| {{ not x }} {{ not x == y }} {{ x and not y or 1 }}",
    "in": "{{ 'a' in 'cat' }} {{ 1 not in [1] }} {{ 'k' in m }} {{ not 'k' in m }}",
    "choice": "{{ 'a' if x else 'b' }}{{ 'a' if missing else 'b' }}[{{ 'a' if missing }}]{{ 1 if false else 2 if false else 3 }}",
    "undefined": "[{{ missing }}] {{ missing is defined }} {{ m.nothing is defined }} {{ m.k is defined }} {{ missing is none }} {% for a in missing %}x{% endfor %}",
    "undefined member": "{{ missing.a }}",
    "slices": "{{ n[1:] }} {{ n[:-1] }} {{ n[::-1] }} {{ n[1:3] }} {{ n[::2] }} {{ n[-2:] }} {{ x[1:] }} {{ x[::-1] }} {{ x[-1] }} {{ n[0] }} {{ n[-1] }} {{ n[5:1:-2] }} {{ n[10:] }}",
    "members": "{{ m.k }} {{ m['k'] }} {{ m.o.p }} {{ m['o']['p'] }} {{ m.get('k') }} {{ m.get('z', 'no') }} {{ m.items()|list|length }} {{ m.keys()|list }} {{ m.values()|list|length }}",
    "loop": "{% for a in n %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.previtem }}{{ loop.nextitem }};{% endfor %}",
    "loop else": "{% for a in [] %}x{% else %}empty{% endfor %}{% for a in n if a > 100 %}x{% else %}none{% endfor %}",
    "loop filter": "{% for a in n if a % 2 == 1 %}{{ loop.index }}:{{ a }} {% endfor %}",
    "loop pairs": "{% for k, v in m.items() %}{{ k }}={{ v }};{% endfor %}{% for k in m %}{{ k }}{% endfor %}{% for c in 'aé🙂' %}[{{ c }}]{% endfor %}",
    "loop scope": "{% set a = 1 %}{% for b in n %}{% set a = a + b %}{{ a }},{% endfor %}{{ a }}",
    "namespace": "{% set ns = namespace(a=1, b='x') %}{% for b in n %}{% set ns.a = ns.a + b %}{% endfor %}{{ ns.a }}{{ ns.b }}{{ ns.c is defined }}",
    "break": "{% for a in n %}{% if a == 2 %}{% continue %}{% endif %}{% if a == 4 %}{% break %}{% endif %}{{ a }}{% endfor %}",
    "range": "{% for i in range(3) %}{{ i }}{% endfor %}{{ range(1, 10, 3)|list }}{{ range(3, 0, -1)|list }}",
    "nested loops": "{% for a in n[:2] %}{% for b in n[:2] %}{{ loop.index }}{{ a }}{{ b }} {% endfor %}{{ loop.index }}{% endfor %}",
    "set": "{% set a, b = 1, 'x' %}{{ a }}{{ b }}{% set c %}in {{ a }} block{% endset %}{{ c|upper }}{% set a = [a, b] %}{{ a }}",
    "if scope": "{% if true %}{% set z = 5 %}{% endif %}{{ z }}",
    "elif": "{% if false %}a{% elif x == 'text' %}b{% else %}c{% endif %}",
    "macro": "{% macro f(a, b='d', c=none) %}[{{ a }}{{ b }}{{ c }}{{ x }}]{% endmacro %}{{ f(1) }}{{ f(1, c=2) }}{{ f(b=1, a=2) }}{{ f() }}{{ f('q')|upper }}",
    "recursive macro": "{% macro f(t) %}{{ t.k if t.k else '' }}{% if t.o %}({{ f(t.o) }}){% endif %}{% endmacro %}{{ f(m) }}",
    "trim": "[{{ '  a b \n'|trim }}] [{{ 'xxaxx'|trim('x') }}] [{{ '  a '.strip() }}] [{{ '  a '.lstrip() }}] [{{ 'xax'.rstrip('x') }}]",
    "text methods": "{{ x.upper() }} {{ 'ABC'.lower() }} {{ x.startswith('te') }} {{ x.endswith('xt') }} {{ 'a-b-c'.split('-') }} {{ 'a-b-c'.split('-', 1) }} {{ 'a-b-c'.rsplit('-', 1) }} {{ ' a  b '.split() }} {{ 'a b c'.split(none, 1) }} {{ 'aXbX'.replace('X', '') }} {{ 'aaa'.replace('a', 'b', 2) }} {{ 'hello world'.title() }} {{ 'hELLO'.capitalize() }} {{ '-'.join(['a', 'b']) }} {{ 'abc'.find('c') }} {{ 'a\nb\n'.splitlines() }} {{ 'abab'.count('ab') }}",
    "filters": "{{ n|length }} {{ x|length }} {{ m|length }} {{ n|first }} {{ n|last }} {{ n|join(', ') }} {{ x|upper }} {{ 'A'|lower }} {{ x|capitalize }} {{ 5|string + 'a' }} {{ '12'|int + 1 }} {{ 'z'|int }} {{ n|reverse|list }} {{ [3, 1, 2]|sort }} {{ ['b', 'A']|sort }} {{ [1, 1, 2]|unique|list }} {{ x|replace('t', 'T') }} {{ x|list }} {{ -3|abs }} {{ n|max }} {{ n|min }} {{ '2.5'|float }}",
    "default": "{{ missing|default('d') }} {{ ''|default('d') }}| {{ ''|default('d', true) }} {{ none|default('d') }} {{ none|d('e', boolean=true) }}",
    "select": "{{ l|selectattr('a')|list|length }} {{ l|selectattr('a', 'equalto', 1)|list }} {{ l|rejectattr('a', 'defined')|list }} {{ l|selectattr('a', 'defined')|map(attribute='a')|list }} {{ n|select('odd')|list }} {{ n|reject('gt', 2)|list }} {{ ['a', '']|select|list }} {{ l|map(attribute='a', default=9)|list }} {{ ['a']|map('upper')|join }}",
    "dictsort": "{% for k, v in m|dictsort %}{{ k }}{{ v }}{% endfor %} {% for k, v in m|items %}{{ k }}{{ v }}{% endfor %}",
    "tojson": "{{ m|tojson }} {{ 'é\"<>&\\'\\n\\u0001\u007f'|tojson }} {{ n|tojson(indent=2) }} {{ m|tojson(indent=4) }} {{ []|tojson(indent=2) }} {{ {}|tojson }} {{ m|tojson(separators=(',', ':')) }} {{ {'b': 1, 'a': 2}|tojson(sort_keys=true) }} {{ 1.0|tojson }} {{ [1e20, 1.5e-7, none, true]|tojson }}",
    "indent": "{{ 'a\n\nb\nc'|indent }}|{{ 'a\nb'|indent(2, true) }}",
    "tests": "{{ x is string }} {{ n is string }} {{ m is mapping }} {{ n is iterable }} {{ x is iterable }} {{ n is sequence }} {{ 1 is number }} {{ true is number }} {{ 1 is integer }} {{ 1.5 is float }} {{ true is boolean }} {{ true is true }} {{ 1 is true }} {{ 3 is odd }} {{ 4 is even }} {{ 9 is divisibleby 3 }} {{ 1 is eq 1 }} {{ 'a' is in ['a'] }} {{ none is none }} {{ x is not none }} {{ x is not defined }} {{ 'a' is lower }} {{ 1 is equalto(1) and 2 is ne 1 }}",
    "precedence": "{{ 1 + 2 ~ 'a' if false else 1 ~ 2 }} {{ 1 ~ 2 * 3 }} {{ -2|abs }} {{ not 1 is defined }} {{ 'a' ~ 'b'|upper }} {{ 1 + 2 == 3 and 'x' in 'xy' }} {{ ('a' ~ 'b')|upper }} {{ x is string and not x is none }} {{ -2 ** 2 }}",
    "multiply": "{{ '-' * 5 }} {{ [1] + [2] }}",
    "call filter result": "{{ (x|upper).lower() }} {{ x.split('e')[0]|upper }} {{ m['o'].p.startswith('d') }}",
    "generation": "{% for a in n %}{% generation %}{{ a }}{% endgeneration %}{% endfor %}",
    "comment": "a{# x {{ y }} {% if %} #}b",
    "raise": "{{ raise_exception('No: ' ~ x) }}",
    "bad operands": "{{ 1 + 'a' }}",
    "loop over number": "{% for a in 5 %}{% endfor %}",
    "dict": "{{ dict(a=1, b='x') }} {{ {'a': {'b': [1, {'c': none}]}}.a.b[1].c }}",
    "tuples": "{% for a, b in [(1, 2), (3, 4)] %}{{ a }}{{ b }}{% endfor %}{% set t = 1, 2 %}{{ t[0] }}",
    "nested calls": "{% macro a(x) %}<{{ x }}>{% endmacro %}{% macro b(x) %}{{ a(x) ~ a(x) }}{% endmacro %}{{ b('q')|length }}{{ b(n[0]) }}",
}
VARIABLES = {"x": "text", "y": "", "n": [1, 2, 3, 4, 5], "m": {"k": "v", "o": {"p": "deep"}, "items2": 3}, "l": [{"a": 1}, {"a": 2}, {"b": 3}]}


def environment():
    env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])

    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    def raise_exception(message):
        raise jinja2.exceptions.TemplateError(message)

    env.filters["tojson"] = tojson
    env.globals |= {"raise_exception": raise_exception, "strftime_now": lambda form: {"%d %b %Y": "07 Mar 2025"}[form]}
    return env


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        next(parser.stream)
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_same"), [], [], body)

    def _same(self, caller):
        return caller()


def case(name, template, variables):
    result = {"name": name, "template": template, "variables": variables}
    try:
        return result | {"output": environment().from_string(template).render(**variables)}
    except Exception as error:  # Whatever Jinja says about it, it is no output.
        return result | {"error": str(error)}


def main():
    cases = [case(name, template, VARIABLES) for name, template in SMALL.items()]
    for family, template in {"qwen": QWEN, "llama3": LLAMA3, "mistral": MISTRAL, "mixtral": MIXTRAL}.items():
        for name, messages in CONVERSATIONS.items():
            for tools in (None, [TOOL, TOOL]):
                variables = {"messages": messages, "tools": tools, "add_generation_prompt": True, "bos_token": "<s>", "eos_token": "</s>", "enable_thinking": False}
                cases.append(case(f"{family}, {name}{', tools' if tools else ''}", template, variables))
    path = pathlib.Path(__file__).parent / "cases.json"
    path.write_text("[\n" + ",\n".join(json.dumps(c, ensure_ascii=False) for c in cases) + "\n]\n")


if __name__ == "__main__":
    main()
