//! Conversations in turns: greetings, a name to remember, questions of fact.

use crate::Language::{self, En, Zh};
use crate::draw::Draw;
use crate::facts;
use crate::lexicon::NAMES;

fn turn(language: Language, user: &str, assistant: &str) -> String {
    match language {
        En => format!("User: {user}\nAssistant: {assistant}\n"),
        Zh => format!("用户：{user}\n助手：{assistant}\n"),
    }
}

/// A greeting, some questions, and perhaps the name again.
pub fn document(draw: &mut Draw, language: Language) -> String {
    let name = draw.pick(&NAMES).word(language);
    let mut text = match language {
        En => turn(En, &format!("Hello! My name is {name}."), &format!("Hello, {name}! How can I help you?")),
        Zh => turn(Zh, &format!("你好！我叫{name}。"), &format!("你好，{name}！我能帮你什么？")),
    };
    for _ in 0..draw.between(1, 3) {
        let (question, answer) = facts::asked(draw, language);
        text += &turn(language, &question, &answer);
    }
    if draw.chance(0.5) {
        text += &match language {
            En => turn(En, "What is my name?", &format!("Your name is {name}.")),
            Zh => turn(Zh, "我叫什么名字？", &format!("你叫{name}。")),
        };
    }
    text += &match language {
        En => turn(En, "Thank you!", &format!("You are welcome, {name}!")),
        Zh => turn(Zh, "谢谢！", &format!("不客气，{name}！")),
    };
    text
}
