//! Prompt templates: messages to pieces of text and special tokens. A user's text stays text, so that a
//! `<|im_start|>` in it never becomes the special token. `Chat` follows ChatML.

use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// The special token that separates documents.
pub const END_OF_TEXT: &str = "<|endoftext|>";
/// Opens a message of the chat template.
pub const IM_START: &str = "<|im_start|>";
/// Closes a message of the chat template.
pub const IM_END: &str = "<|im_end|>";

/// A part of a rendered prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "value")]
pub enum Piece {
    /// Text, in which the names of special tokens mean nothing.
    Text(String),
    /// A special token, by its name.
    Special(String),
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Sets the scene.
    System,
    /// Asks.
    User,
    /// Answers.
    Assistant,
}

impl Role {
    /// The role's name in a rendered prompt.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

impl FromStr for Role {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        [Self::System, Self::User, Self::Assistant]
            .into_iter()
            .find(|role| role.name() == name)
            .ok_or_else(|| Error::UnknownRole { role: name.to_string() })
    }
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub content: String,
}

/// How messages become a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Template {
    /// Only the contents, one after the other, for a model that completes text.
    #[default]
    Plain,
    /// `<|im_start|>role`, a line break, the content, `<|im_end|>`, a line break, for each message.
    Chat,
}

impl Template {
    /// The special tokens that a tokenizer needs for this template.
    pub fn special_tokens(self) -> &'static [&'static str] {
        match self {
            Self::Plain => &[],
            Self::Chat => &[IM_START, IM_END],
        }
    }

    /// The messages as pieces. With `answer`, `Chat` ends with the opening of the assistant's next message.
    /// Neighbouring texts form one piece, so that they are encoded together.
    pub fn render(self, messages: &[Message], answer: bool) -> Vec<Piece> {
        let mut prompt = Prompt::default();
        for message in messages {
            match self {
                Self::Plain => prompt.text(&message.content),
                Self::Chat => {
                    prompt.open(message.role);
                    prompt.text(&message.content);
                    prompt.special(IM_END);
                    prompt.text("\n");
                }
            }
        }
        if answer && self == Self::Chat {
            prompt.open(Role::Assistant);
        }
        prompt.0
    }
}

#[derive(Default)]
struct Prompt(Vec<Piece>);

impl Prompt {
    fn text(&mut self, text: &str) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(Piece::Text(before)) => before.push_str(text),
            _ => self.0.push(Piece::Text(text.to_string())),
        }
    }

    fn special(&mut self, name: &str) {
        self.0.push(Piece::Special(name.to_string()));
    }

    fn open(&mut self, role: Role) {
        self.special(IM_START);
        self.text(role.name());
        self.text("\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chat_keeps_user_text_as_text() {
        let messages = [Message { role: Role::User, content: "say <|im_start|>".into() }];
        let (text, special) = (|t: &str| Piece::Text(t.into()), |t: &str| Piece::Special(t.into()));
        let expected = [
            special(IM_START),
            text("user\nsay <|im_start|>"),
            special(IM_END),
            text("\n"),
            special(IM_START),
            text("assistant\n"),
        ];
        assert_eq!(Template::Chat.render(&messages, true), expected);
        assert_eq!(Template::Plain.render(&messages, true), [text("say <|im_start|>")]);
        assert_eq!(Template::Chat.render(&[], false), []);
    }

    #[test]
    fn roles_have_names() {
        assert_eq!("assistant".parse(), Ok(Role::Assistant));
        assert_eq!("tool".parse::<Role>().unwrap_err().code(), "unknownRole");
    }
}
