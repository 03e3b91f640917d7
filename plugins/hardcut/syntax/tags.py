"""The tags of ast_serialize's byte stream: one byte before each value and node.

The numbers are those of mypy's cache format, version 5 of the stream. Each node is written as its tag, its
fields in the order given here, its location where one is named, and `END`. Lists are `LIST`, a bare
integer, and the elements; `[x]` is such a list, `n * x` a tagged integer and that many `x`, `x?` a boolean
and, if true, an `x`.
"""

from __future__ import annotations

from typing import Final

FALSE: Final = 0
TRUE: Final = 1
NONE: Final = 2
INTEGER: Final = 3
"""`INTEGER integer`: a tagged integer."""
STRING: Final = 4
"""`STRING integer bytes`: a tagged string, its length in bytes first."""
FLOAT: Final = 6
"""`FLOAT` and eight bytes, little-endian."""
LIST: Final = 20
INTEGERS: Final = 21
"""`INTEGERS integer integer...`: a list of bare integers."""
PAIRS: Final = 30
"""`PAIRS integer`, then a tagged string and a node for each pair."""
LOCATION: Final = 152
"""`LOCATION line column lines columns`: bare integers; lines count from 1, columns from 0 and in bytes, and
the end is given by its distance in lines and in columns."""
END: Final = 255

# Statements.
DECORATED: Final = 53
"""`[expression] line column FUNCTION`: tagged integers, the column of the first `@` counted from 1."""
CLASS: Final = 60
"""`name block [base] [decorator] type-parameters? PAIRS(keyword) location`: `**keywords` are absent; the
location of a decorated class is the line of its name and the column of its last decorator."""
EXPRESSION: Final = 160
"""`expression`, without a location of its own."""
IMPORT: Final = 164
"""`n * (name alias?) location flags`."""
IF: Final = 168
"""`expression block n * (expression block) block? location`."""
ASSIGN: Final = 169
"""`[target] expression type? annotated location`; without a value the expression is `NO_VALUE`."""
BLOCK: Final = 171
"""`LIST integer unreachable statement...`, and a location if the block is empty and has to have a
statement."""
RETURN: Final = 175
"""`expression? location`."""
WHILE: Final = 176
"""`expression block block location`: the second block may be empty, without a location then."""
FUNCTION: Final = 179
"""`name parameters block async type-parameters? type? location`; the location of a decorated function is
computed from its name: the column of the name less 4, or less 10 if it is async."""
PASS: Final = 180
RAISE: Final = 187
"""`expression? expression? location`."""
BREAK: Final = 188
CONTINUE: Final = 189
IMPORT_FROM: Final = 196
"""`level module n * (name alias?) location flags`."""
ASSERT: Final = 197
"""`expression expression? location`."""
FOR: Final = 198
"""`target expression block block async location`; the second block as in `WHILE`."""
WITH: Final = 199
"""`n * (expression target?) block async location`."""
AUGMENTED_ASSIGN: Final = 200
"""`operator target expression location`."""
TRY: Final = 201
"""`block n n*(expression?) n*((name location)?) n*block block? block? star location`."""
DELETE: Final = 204
"""`target location`: several targets are a tuple."""
GLOBAL: Final = 211
"""`n * name location`."""
NONLOCAL: Final = 212
"""`n * name location`."""
IMPORT_STAR: Final = 215
"""`module level location flags`."""
MATCH: Final = 216
"""`expression n * (pattern expression? block) location`."""
TYPE_ALIAS: Final = 225
"""`NAME integer type-parameter... expression location`: the integer is bare."""

# Expressions.
CALL: Final = 161
"""`expression [argument] INTEGERS(kind) LIST(name or NONE) location`: `*` and `**` are in the kind only."""
NAME: Final = 162
"""`name location`: also True, False and None."""
STRING_LITERAL: Final = 163
"""`value surrogates location`."""
ATTRIBUTE: Final = 165
"""`expression name location`."""
BINARY: Final = 166
"""`operator expression expression`, without a location."""
INTEGER_LITERAL: Final = 167
"""`value location`."""
TUPLE: Final = 170
"""`[expression] location`: list targets too."""
SUBSCRIPT: Final = 172
"""`expression expression location`."""
LIST_DISPLAY: Final = 173
SET_DISPLAY: Final = 174
COMPARE: Final = 177
"""`expression INTEGERS(operator) [expression] location`."""
BOOLEAN: Final = 178
"""`operator [expression] location`: 0 is `and`, 1 is `or`."""
FLOAT_LITERAL: Final = 181
UNARY: Final = 182
"""`operator expression location`."""
DICT_DISPLAY: Final = 183
"""`LIST integer key?... [value] location`."""
COMPLEX_LITERAL: Final = 184
SLICE: Final = 185
"""`expression? expression? expression? location`."""
NO_VALUE: Final = 186
GENERATOR: Final = 190
"""`expression n n*target n*iterable n*[condition] n*async location`."""
YIELD: Final = 191
"""`expression? location`."""
YIELD_FROM: Final = 192
LIST_COMPREHENSION: Final = 193
SET_COMPREHENSION: Final = 194
DICT_COMPREHENSION: Final = 195
"""`key? value`, then as `GENERATOR`."""
ELLIPSIS: Final = 202
CONDITIONAL: Final = 203
"""`body test orelse location`."""
FORMATTED_STRING: Final = 205
"""`n * (TRUE items | FALSE string location) surrogates location`, where items is `n * (string location |
INTERPOLATION)`."""
INTERPOLATION: Final = 206
"""`expression conversion? (items location)?`."""
LAMBDA: Final = 207
"""`parameters block location`: the block is one `RETURN`."""
NAMED: Final = 208
"""`target expression location`."""
STARRED: Final = 209
BYTES_LITERAL: Final = 210
AWAIT: Final = 213
BIG_INTEGER_LITERAL: Final = 214
TEMPLATE_STRING: Final = 229
"""`n * (TRUE expression source conversion? (items location)? | FALSE string location) surrogates
location`."""

# Patterns.
MATCH_AS: Final = 217
"""`pattern? (name location)? location`."""
MATCH_OR: Final = 218
"""`n * pattern location`."""
MATCH_VALUE: Final = 219
MATCH_SINGLETON: Final = 220
"""`TRUE | FALSE | NONE location`."""
MATCH_SEQUENCE: Final = 221
"""`n * pattern location`."""
MATCH_STAR: Final = 222
"""`(name location)? location`."""
MATCH_MAPPING: Final = 223
"""`n * (expression pattern) (name location)? location`."""
MATCH_CLASS: Final = 224
"""`expression n * pattern n * (name pattern) location`."""

# Annotations, in a form that serves a type checker and drops what is no type. Only their range is read
# here: see `ParsedModule.annotation`.
UNBOUND_TYPE: Final = 104
UNPACK_TYPE: Final = 105
TUPLE_TYPE: Final = 112
TYPED_DICT_TYPE: Final = 113
UNION_TYPE: Final = 115
LIST_TYPE: Final = 118
ELLIPSIS_TYPE: Final = 119
RAW_TYPE: Final = 120
CALL_TYPE: Final = 121
