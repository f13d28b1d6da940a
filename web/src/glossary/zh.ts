// 术语的中文：每个词说的是什么，在页面的哪里看得到。
import type { WordId } from "./en.ts";
import { AT, type Entry } from "./places.ts";

export const words: Record<WordId, Entry> = {
  token: {
    word: "词元",
    says: "模型当作一个整体来读写的一小段文字：一个词、词的一部分、一个字，或一个字节。每个词元有一个编号。",
    at: AT.tokens,
  },
  tokenizer: { word: "分词器", says: "把文字切成词元，也把词元接回文字。它在模型之前从文字里学成，之后不再变。", at: AT.tokens },
  bpe: {
    word: "字节对编码",
    forms: ["BPE"],
    says: "学出分词器的一种办法：从字节开始，一次又一次把最常见的一对合成一个词元。",
    at: AT.tokens,
  },
  vocabulary: { word: "词表", says: "一个分词器拥有的全部词元。", at: AT.tokens },
  specialToken: { word: "特殊词元", says: "不代表文字、只代表记号的词元，例如文档的结尾。", at: AT.tokens },
  embedding: {
    word: "词向量",
    says: "词元最初变成的向量：表里的一行，由训练塑造。用法相近的词元彼此靠近。也叫嵌入。",
    at: AT.map,
  },
  cosine: { word: "余弦", says: "两个向量的方向有多一致：1 是同一个方向，0 是毫不相干，−1 是正好相反。", at: AT.compare },
  position: { word: "位置编码", says: "告诉模型每个词元在哪里，因为注意力本身看不出先后。", at: AT.positions },
  rotary: {
    word: "旋转位置编码",
    forms: ["旋转编码"],
    says: "一种位置编码：把查询和键转一个角度，位置越靠后，转得越多。",
    at: AT.positions,
  },
  forwardPass: {
    word: "前向计算",
    forms: ["前向传播"],
    says: "从头到尾走一遍模型：从一段文字的词元，到每个可能的下一个词元的分数。",
    at: AT.block,
  },
  residual: { word: "残差流", says: "每个词元穿过各层时带着的向量。每个注意力和前馈网络都从它读，再把结果加上去。", at: AT.block },
  block: {
    word: "层",
    says: "模型里结构相同的一级：先是注意力，再是前馈网络，结果都加到残差流上。",
    at: AT.block,
  },
  attention: {
    word: "注意力",
    says: "每个词元从前面的词元里读东西的一步：把它们的值按权重平均。权重来自查询和键。",
    at: AT.attention,
  },
  head: {
    word: "注意力头",
    forms: ["每个头", "这个头", "各个头"],
    says: "一层里并排做的几份注意力之一。每个头有自己的查询、键和值，往往各有分工。",
    at: AT.attention,
  },
  qkv: {
    word: "查询与键",
    forms: ["查询和键", "查询"],
    says: "每个词元在一个头里的两个向量：查询是它在找什么，键是它凭什么被找到。两者的乘积就是分数。",
    at: AT.block,
  },
  mask: { word: "因果掩码", says: "遮住后面的内容：词元不能读它后面的词元，不然就能照抄答案。", at: AT.attention },
  softmax: { word: "softmax", says: "把分数变成合起来是 1 的份额：先取 e 的分数次方，再除以它们的总和。", at: AT.block },
  norm: { word: "归一化", says: "在注意力或前馈网络读之前，把向量的数缩放到同样的大小，让训练更稳。", at: AT.block },
  mlp: {
    word: "前馈网络",
    forms: ["MLP"],
    says: "一层里单独处理每个词元的部分：先变宽，经过激活函数，再回到残差流的宽度。",
    at: AT.block,
  },
  activation: { word: "激活值", forms: ["激活"], says: "模型从文字算到答案的路上得到的数；学来的数叫权重。", at: AT.block },
  activationFunction: {
    word: "激活函数",
    says: "前馈网络里每个数都要过的一道弯，例如 GELU：没有它，两个矩阵做不了比一个更多的事。",
    at: AT.block,
  },
  logit: { word: "logit", says: "模型给下一个可能的词元打的分；softmax 再把它变成概率。", at: AT.sample },
  logitLens: { word: "logit 透镜", says: "假设模型在某一层之后就结束，把那时的残差流读出来：它会说什么。", at: AT.lens },
  parameter: {
    word: "参数",
    says: "由训练来调整的数。一个模型就是它的参数，加上怎样使用这些参数的公式。",
    at: AT.slow,
  },
  context: { word: "上下文", says: "模型一次读到的词元。放不进上下文的，它就不知道。", at: AT.positions },
  kvCache: { word: "KV 缓存", says: "记住已读词元的键和值，这样每多一个词元，只需再算这一个。", at: AT.bench },
  sampling: { word: "采样", says: "按概率随机选出下一个词元；概率先由各级采样设置改过。", at: AT.sample },
  temperature: {
    word: "温度",
    says: "在 softmax 之前除分数：小于 1，可能的更可能；大于 1，机会更平均；0 总是取最可能的。",
    at: AT.sample,
  },
  topK: { word: "top_k", says: "只保留最可能的 k 个词元。", at: AT.sample },
  topP: { word: "top_p", says: "保留合起来概率达到 p 的最可能的词元：模型有把握时少，没把握时多。", at: AT.sample },
  minP: { word: "min_p", says: "去掉概率低于最大概率这一比例的词元。", at: AT.sample },
  greedy: { word: "贪心", says: "每次都取最可能的词元。这样写出的未必是最可能的一段。", at: AT.tree },
  seed: { word: "随机种子", says: "随机从哪个数开始：同样的种子，抽到的也一样。", at: AT.sample },
  surprise: {
    word: "意外程度",
    says: "词元概率的对数取负：必然的是 0，越没料到越大；单位是奈特。",
    at: AT.sample,
  },
  perplexity: { word: "困惑度", says: "e 的平均意外程度次方：好像模型每次都在这么多个同样可能的词元里选。", at: AT.sample },
  loss: { word: "损失", says: "训练要让它变小的数：对真正的下一个词元平均有多意外。", at: AT.slow },
  validation: {
    word: "验证损失",
    says: "在模型从不训练的文字上的损失。训练损失在降而它在升，就是在死记。",
    at: AT.train,
  },
  bitsPerByte: {
    word: "每字节比特数",
    forms: ["每字节比特"],
    says: "按字节而不是按词元来算的损失，这样分词器不同的模型也能相比。",
    at: AT.train,
  },
  gradient: { word: "梯度", says: "对每个参数：它变大一点，损失会变大多少。训练让它往反方向走。", at: AT.slow },
  learningRate: { word: "学习率", says: "一步让参数走多远。太小则慢，太大则损失乱跳。", at: AT.train },
  batch: { word: "批次", forms: ["一批"], says: "一步训练一起看的几段文字。", at: AT.slow },
  checkpoint: { word: "检查点", says: "训练到某一步时的模型，存成文件，或存在浏览器里。", at: AT.train },
  prompt: { word: "提示词", says: "给模型的文字，它从这里接着写。", at: AT.prompt },
  zeroShot: { word: "零样本", says: "提示词里一个例子也不给，直接问。", at: AT.prompt },
  fewShot: { word: "少样本", says: "先在提示词里给几个做好的例子再问。参数不变，变的只是上下文。", at: AT.curve },
  inContext: { word: "上下文学习", says: "从提示词的例子里看出规律并照着做，不经过训练。", at: AT.curve },
  chainOfThought: {
    word: "思维链",
    says: "先写出步骤再写答案：每一步都能读到前面的步骤，难题就变成几个容易的题。",
    at: AT.gain,
  },
  hallucination: { word: "幻觉", says: "说得流利却不真实的回答。模型只是接着写可能的话，并不去查。", at: AT.sample },
  baseModel: { word: "基础模型", says: "只学过接着写的模型：遇到问题，它可能回答，也可能接着提问。", at: AT.prompt },
};

/** 另有意思的词组，里面什么都不标。 */
export const others: readonly string[] = ["层次", "层数", "一批人"];
