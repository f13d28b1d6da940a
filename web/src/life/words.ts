// The words of the life in the bar, in both languages; the strip's own texts load with it.
import { inLanguage } from "../settings.ts";

const en = {
  life: "Life",
  watch: "Life: watch it grow from egg to frog",
  age: "Age",
  progress: "Its life so far: {said}",
  at: "{stage}, step {n}",
  atLoss: "{stage}, step {n}, training loss {loss}",
  loss: "loss {loss}",
  step: "step {n}",
  stepLoss: "step {n} · loss {loss}",
  stages: { egg: "egg", tadpole: "tadpole", legs: "tadpole with legs", froglet: "froglet", frog: "frog" },
  line: "Watch it grow",
  lineLead: "What it writes at every age, from egg to frog.",
};
const zh: typeof en = {
  life: "一生",
  watch: "一生：看它从卵长成青蛙",
  age: "年纪",
  progress: "它的一生至今：{said}",
  at: "{stage}，第 {n} 步",
  atLoss: "{stage}，第 {n} 步，训练损失 {loss}",
  loss: "损失 {loss}",
  step: "第 {n} 步",
  stepLoss: "第 {n} 步 · 损失 {loss}",
  stages: { egg: "卵", tadpole: "蝌蚪", legs: "长腿的蝌蚪", froglet: "幼蛙", frog: "青蛙" },
  line: "看它长大",
  lineLead: "从卵到青蛙，看它在每个年纪写些什么。",
};

export const words = () => inLanguage({ en, zh });
