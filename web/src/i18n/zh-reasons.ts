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

  // 认得出、但这里读不了的文件，以及该怎么办
  "it does not begin as a safetensors file does": "它的开头不是 safetensors 文件的样子",
  "a GGUF file, the format of llama.cpp": "GGUF 文件（llama.cpp 的格式）",
  "Take the same model in Hugging Face's layout: config.json, model.safetensors and tokenizer.json.":
    "请改用同一模型的 Hugging Face 格式：config.json、model.safetensors 和 tokenizer.json。",
  "a Python pickle, such as pytorch_model.bin or ckpt.pt": "Python 的 pickle 文件，例如 pytorch_model.bin 或 ckpt.pt",
  "Take model.safetensors instead; in Python, AutoModelForCausalLM.from_pretrained(FOLDER).save_pretrained(FOLDER) writes one.":
    "请改用 model.safetensors；在 Python 中运行 AutoModelForCausalLM.from_pretrained(FOLDER).save_pretrained(FOLDER) 就会写出它。",
  "a file packed by gzip": "gzip 压缩文件",
  "a file packed by bzip2": "bzip2 压缩文件",
  "a file packed by xz": "xz 压缩文件",
  "a file packed by Zstandard": "Zstandard 压缩文件",
  "a 7-Zip archive": "7-Zip 压缩包",
  "a RAR archive": "RAR 压缩包",
  "a tar archive": "tar 包",
  "Unpack it and take the file inside.": "请先解压，再选里面的文件。",
  "a PDF document": "PDF 文档",
  "an RTF document": "RTF 文档",
  "a document of an older Office program": "旧版 Office 文档",
  "a Jupyter notebook": "Jupyter 笔记本",
  "Save its text as a plain text file in UTF-8 and take that.": "请把其中的文字另存为 UTF-8 纯文本，再选那个文件。",
  "a PNG picture": "PNG 图片",
  "a JPEG picture": "JPEG 图片",
  "Take a text.": "请选一个文本文件。",
  "an HDF5 file, in which Keras keeps weights": "HDF5 文件（Keras 用它存权重）",
  "a NumPy array": "NumPy 数组",
  "Save it as text, or as safetensors.": "请另存为文本或 safetensors。",
  "a Parquet table": "Parquet 表格",
  "Save it as CSV, JSONL or plain text and take that.": "请另存为 CSV、JSONL 或纯文本，再选那个文件。",
  "a Git LFS pointer, which stands for a file and does not hold it": "Git LFS 指针：它只代表一个文件，里面没有内容",
  "a web page": "网页",
  "Download the file itself; on a model's page there is a button for that beside its name.":
    "请下载文件本身；模型页面上，文件名旁边有下载按钮。",
  "a merges.txt, merges without their vocabulary": "merges.txt：只有合并，没有词表",
  "a vocab.json, a vocabulary without its merges": "vocab.json：只有词表，没有合并",
  "Take tokenizer.json instead; in Python, AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER) writes one.":
    "请改用 tokenizer.json；在 Python 中运行 AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER) 就会写出它。",
  "a SentencePiece model": "SentencePiece 模型",
  "Take a byte-level BPE tokenizer instead, such as GPT-2's tokenizer.json.": "请改用字节级 BPE 分词器，例如 GPT-2 的 tokenizer.json。",
  "a ZIP archive or an Office document": "ZIP 压缩包或 Office 文档",
  "Unpack it, or save its text or table as plain text or CSV.": "请解压，或把文字、表格另存为纯文本或 CSV。",
  "the index of a model that lies in several files": "分成几个文件的模型的索引",
  'Save the model in one file: in Python, model.save_pretrained(FOLDER, max_shard_size="100GB").':
    '请把模型存成一个文件：在 Python 中运行 model.save_pretrained(FOLDER, max_shard_size="100GB")。',
  "a tokenizer_config.json, which holds settings and no tokens": "tokenizer_config.json：只有设置，没有词元",
  "Take the tokenizer.json that lies beside it.": "请选它旁边的 tokenizer.json。",
  "a model's config.json": "模型的 config.json",
  "a generation_config.json": "generation_config.json",
  "Take config.json, model.safetensors and tokenizer.json together.": "请把 config.json、model.safetensors 和 tokenizer.json 一起选上。",
  "Set it to null in the file.": "请在文件中把它改成 null。",
  "Normalize the text beforehand and set normalizer to null in the file.": "请事先规范化文本，并在文件中把 normalizer 改成 null。",
  "Set post_processor to null in the file and put special tokens in with a template.":
    "请在文件中把 post_processor 改成 null，特殊词元改由模板加入。",
  "Load a byte-level BPE tokenizer, such as GPT-2's.": "请载入字节级 BPE 分词器，例如 GPT-2 的。",
  "Load a file whose decoder is ByteLevel (BPE) or Fuse (characters).": "请载入 decoder 为 ByteLevel（BPE）或 Fuse（字符）的文件。",
  "Load a file that cuts with ByteLevel, or with Splits and Digits before it.":
    "请载入用 ByteLevel 切分的文件，它前面可以有 Split 和 Digits。",
  "Load a file whose Split has a Regex pattern, is not inverted and behaves as Isolated.":
    "请载入这样的文件：其中 Split 用 Regex，不取反（invert），方式为 Isolated。",
  "Mark it special in the file, or train with it in the vocabulary: text is not searched for added tokens.":
    "请在文件中把它标为 special，或把它放进词表重新训练：这里不会在文本中查找附加词元。",
  "Load a file with a ByteLevel pre-tokenizer, or one without merges over single characters.":
    "请载入带 ByteLevel 预分词的文件，或没有合并、只有单个字符的文件。",
  "Set it to null: unknown characters are errors here.": "请把它改成 null：这里遇到未知字符会报错。",
  "engines disagree on (?i) behind something; write (?i:..)": "(?i) 不在开头时，各引擎的理解不同；请写 (?i:..)",
  "write \\p{L} with its braces; engines disagree on \\pL": "请写带花括号的 \\p{L}；各引擎对 \\pL 的理解不同",
};
