// 内核在错误里附带的英文说法，逐条对应的中文。没有列出的照原样显示。
export const reasons: Record<string, string> = {
  "below 1": "1 (不含)",
  "no Tadpole checkpoint": "不是 Tadpole 检查点",
  "config.json is missing": "缺少 config.json",
  "model.safetensors is missing": "缺少 model.safetensors",
  "tokenizer.json is missing": "缺少 tokenizer.json",
  "its run is of another model": "其中的训练属于另一个模型",
  "its run is out of bounds": "其中的训练数据超出范围",

  // 特殊词元
  "it is listed twice": "它列了两次",
  "it needs at least two characters, or it is one with an ordinary token": "它至少要有两个字符，否则会与普通词元相同",

  // 预分词的正则表达式
  "an empty pattern cuts nothing": "空的表达式什么也切不开",
  "the pattern is longer than 10,000 bytes": "表达式超过 10,000 字节",
  "the pattern is too large once its counted repetitions are written out": "把计数重复展开后，表达式太大",
  "a ) without its (": "有 ) 而没有 (",
  "a ( without its )": "有 ( 而没有 )",
  "a [ without its ]": "有 [ 而没有 ]",
  "a ] without its [; write \\] for the character": "有 ] 而没有 [；要表示这个字符，请写 \\]",
  "groups are nested more than 32 deep": "分组嵌套超过 32 层",
  "write \\z for the end of the text; ^ and $ mean different things in different engines": "文本末尾请写 \\z；^ 和 $ 在不同引擎里含义不同",
  "nothing to repeat here; write a backslash before it for the character": "这里没有可重复的内容；要表示这个字符，请在前面加反斜杠",
  "the pattern ends too early": "表达式没有写完",
  "only (?:..), (?i:..), (?>..), (?=..), (?!..) and (?i) are supported": "只支持 (?:..)、(?i:..)、(?>..)、(?=..)、(?!..) 和 (?i)",
  "(?i) is supported for ASCII letters alone": "(?i) 只支持 ASCII 字母",
  "engines disagree on ? or + after {..}; write (?>..) or (?:..)": "{..} 后面的 ? 或 + 在各引擎里含义不同；请写 (?>..) 或 (?:..)",
  "a quantifier follows a quantifier; put the first in (?:..)": "量词后面又跟着量词；请把前一个放进 (?:..)",
  "what is repeated here can match nothing": "这里重复的内容可能匹配空串",
  "write {n}, {n,} or {n,m} with n <= m <= 1000; write \\{ for the character":
    "请写 {n}、{n,} 或 {n,m}，其中 n <= m <= 1000；要表示这个字符，请写 \\{",
  "a range needs a character on its left": "范围的左边要有一个字符",
  "a range runs from a lower to a higher character": "范围要从小的字符到大的字符",
  "classes inside classes and set operators are not supported; write a backslash for the character":
    "不支持字符类的嵌套和集合运算；要表示这个字符，请加反斜杠",
  "an empty class, or a ] that needs a backslash": "字符类是空的，或者 ] 前面缺少反斜杠",
  "a backslash at the end": "末尾是反斜杠",
  "this escape is not supported (there are \\s \\d \\p{..} \\n \\r \\t \\f \\v \\x \\u \\z)":
    "不支持这个转义（支持 \\s \\d \\p{..} \\n \\r \\t \\f \\v \\x \\u \\z）",
  "write \\xHH, \\uHHHH or \\x{H..} with a valid code point": "请写 \\xHH、\\uHHHH 或 \\x{H..}，码点须有效",
  "this \\p{..} is not supported (there are the general categories, such as \\p{L} and \\p{Nd}, and \\p{Han})":
    "不支持这个 \\p{..}（支持 \\p{L}、\\p{Nd} 等通用类别，以及 \\p{Han}）",

  // 分词器文件
  "it is empty": "它是空的",
  "its id in added_tokens is not its id in the vocabulary": "它在 added_tokens 里的编号与词表里的不同",
  "it is neither byte-level text nor an added token": "它既不是字节级文本，也不在 added_tokens 里",
  "a token of a character-level vocabulary is one character": "字符级词表的词元应是一个字符",
  "it is not a pair of tokens": "它不是两个词元",
  "the left part is not an ordinary token": "左边不是普通词元",
  "the right part is not an ordinary token": "右边不是普通词元",
  "the result is not an ordinary token": "合并的结果不是普通词元",
  "the same pair is merged twice": "同一对合并了两次",
  "there is no space": "没有空格",
  "the token is not base64": "词元不是 base64",
  "the rank is not a whole number from 0": "序号不是从 0 起的整数",
  "the token is empty": "词元是空的",
  "the token is longer than 256 bytes": "词元超过 256 字节",
};
