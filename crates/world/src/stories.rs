//! Short stories: somebody goes somewhere, something happens because of somebody or something that only a pronoun names, and the
//! end says who or what it was. Held out by the two that the pronoun could mean.

use crate::Language::{self, En, Zh};
use crate::case::{Case, answered, question};
use crate::draw::Draw;
use crate::lexicon::{
    ANIMALS, COLOURS, Entry, FOODS, HOLDERS, NAMES, PLACES, THINGS, Table, WAYS, a, capital,
};

/// Which of two nouns a pronoun means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The one that was named first.
    First,
    /// The other.
    Second,
}

/// An event with a cause. {x} and {y} are the nouns, {p} the pronoun.
struct Frame {
    en: &'static str,
    zh: &'static str,
    /// Properties that fit the first noun, in both languages.
    first: &'static [(&'static str, &'static str)],
    /// Properties that fit the second.
    second: &'static [(&'static str, &'static str)],
}

/// Two people, told apart by he and she.
static PEOPLE: [Frame; 4] = [
    Frame {
        en: "{x} gave {y} {t} because {p} was",
        zh: "{x}把{t}送给了{y}，因为{p}",
        first: &[("kind", "很善良"), ("generous", "很大方"), ("rich", "很有钱")],
        second: &[("sad", "很伤心"), ("lonely", "很孤单"), ("ill", "生病了")],
    },
    Frame {
        en: "{x} waited for {y} because {p} was",
        zh: "{x}等着{y}，因为{p}",
        first: &[("patient", "很有耐心"), ("early", "来早了"), ("polite", "很有礼貌")],
        second: &[("late", "迟到了"), ("slow", "走得慢"), ("busy", "很忙")],
    },
    Frame {
        en: "{x} helped {y} because {p} was",
        zh: "{x}帮助了{y}，因为{p}",
        first: &[("strong", "很强壮"), ("friendly", "很友好"), ("brave", "很勇敢")],
        second: &[("tired", "很累"), ("weak", "很虚弱"), ("lost", "迷路了")],
    },
    Frame {
        en: "{x} sang for {y} because {p} was",
        zh: "{x}给{y}唱歌，因为{p}",
        first: &[("cheerful", "很高兴"), ("proud", "很骄傲"), ("musical", "很会唱歌")],
        second: &[("bored", "很无聊"), ("afraid", "很害怕"), ("angry", "很生气")],
    },
];

/// Two things, told apart only by what is said of `it`: the classes of the nouns, and the frame.
static THINGS_FRAMES: [(&Table, &Table, Frame); 3] = [
    (
        &ANIMALS,
        &WAYS,
        Frame {
            en: "the {x} did not cross the {y} because it was too",
            zh: "{x}没有穿过{y}，因为它太",
            first: &[("tired", "累了"), ("scared", "害怕了"), ("lazy", "懒了"), ("hungry", "饿了")],
            second: &[("wide", "宽了"), ("crowded", "拥挤了"), ("dangerous", "危险了"), ("long", "长了")],
        },
    ),
    (
        &ANIMALS,
        &FOODS,
        Frame {
            en: "the {x} did not eat the {y} because it was too",
            zh: "{x}没有吃{y}，因为它太",
            first: &[("full", "饱了"), ("sleepy", "困了"), ("shy", "害羞了"), ("young", "小了")],
            second: &[("hard", "硬了"), ("bitter", "苦了"), ("rotten", "烂了"), ("hot", "烫了")],
        },
    ),
    (
        &THINGS,
        &HOLDERS,
        Frame {
            en: "the {x} did not fit into the {y} because it was too",
            zh: "{x}放不进{y}，因为它太",
            first: &[("big", "大了"), ("wide", "宽了"), ("thick", "厚了"), ("long", "长了")],
            second: &[("small", "小了"), ("narrow", "窄了"), ("full", "满了"), ("flat", "扁了")],
        },
    ),
];

/// An event whose cause names one of two nouns by a pronoun.
struct Event {
    sentence: String,
    nouns: [&'static str; 2],
    reading: Reading,
    property: (&'static str, &'static str),
    people: bool,
}

impl Event {
    fn new(draw: &mut Draw, language: Language, people: bool, reading: Reading) -> Self {
        let make = |draw: &mut Draw| {
            if people {
                Self::of_people(draw, language, reading)
            } else {
                Self::of_things(draw, language, reading)
            }
        };
        draw.of_split(make, |event| vec![event.key()])
    }

    fn key(&self) -> String {
        self.nouns.join(" ")
    }

    fn of_people(draw: &mut Draw, language: Language, reading: Reading) -> Self {
        let frame = draw.pick(&PEOPLE);
        let (first, second) = loop {
            let pair = (draw.pick(&NAMES), draw.pick(&NAMES));
            if pair.0.third() != pair.1.third() {
                break pair;
            }
        };
        let meant: &Entry = if reading == Reading::First { first } else { second };
        let pronoun = if meant.third() == "he" { ("he", "他") } else { ("she", "她") };
        let thing = draw.pick(&THINGS).word(language);
        let template =
            language.of(frame.en, frame.zh).replace("{t}", &language.of(a(thing), format!("一个{thing}")));
        Self::finish(
            draw,
            frame,
            &template.replace("{p}", language.of(pronoun.0, pronoun.1)),
            [first, second],
            (language, reading, true),
        )
    }

    fn of_things(draw: &mut Draw, language: Language, reading: Reading) -> Self {
        let (firsts, seconds, frame) = draw.pick(&THINGS_FRAMES);
        let nouns = [draw.pick(firsts), draw.pick(seconds)];
        Self::finish(draw, frame, language.of(frame.en, frame.zh), nouns, (language, reading, false))
    }

    fn finish(
        draw: &mut Draw,
        frame: &'static Frame,
        template: &str,
        nouns: [&'static Entry; 2],
        (language, reading, people): (Language, Reading, bool),
    ) -> Self {
        let property = *draw.pick(if reading == Reading::First { frame.first } else { frame.second });
        let nouns = nouns.map(|noun| noun.word(language));
        let event = template.replace("{x}", nouns[0]).replace("{y}", nouns[1]);
        let sentence = match language {
            En => format!("{} {}.", capital(&event), property.0),
            Zh => format!("{event}{}。", property.1),
        };
        Self { sentence, nouns, reading, property, people }
    }

    fn meant(&self) -> &'static str {
        self.nouns[self.reading as usize]
    }

    /// The sentence that says who or what it was.
    fn resolved(&self, language: Language) -> String {
        match (language, self.people) {
            (En, true) => format!("{} was {}.", self.meant(), self.property.0),
            (En, false) => format!("The {} was too {}.", self.meant(), self.property.0),
            (Zh, true) => format!("{}{}。", self.meant(), self.property.1),
            (Zh, false) => format!("{}太{}。", self.meant(), self.property.1),
        }
    }

    /// The question for it, and the answer.
    fn asked(&self, language: Language) -> (String, String) {
        let text = match (language, self.people) {
            (En, true) => format!("Who was {}?", self.property.0),
            (En, false) => format!("What was too {}?", self.property.0),
            (Zh, true) => format!("谁{}？", self.property.1),
            (Zh, false) => format!("什么太{}？", self.property.1),
        };
        let answer = match (language, self.people) {
            (En, false) => format!("The {}", self.meant()),
            _ => self.meant().to_string(),
        };
        (text, answer)
    }
}

/// How a story begins, and how it ends.
fn opening(draw: &mut Draw, language: Language) -> (String, String) {
    let (name, place, thing) = (draw.pick(&NAMES), draw.pick(&PLACES), draw.pick(&THINGS));
    let (animal, colour) = (draw.pick(&ANIMALS), draw.pick(&COLOURS));
    let [who, place, thing, animal, colour] =
        [name, place, thing, animal, colour].map(|entry| entry.word(language));
    let he = name.third() == "he";
    match language {
        En => {
            let (pronoun, own) = if he { ("He", "his") } else { ("She", "her") };
            let found = format!("{pronoun} found {} {thing} there.", a(colour));
            let met = format!("{pronoun} saw {} there.", a(animal));
            let middle = if draw.chance(0.5) { found } else { met };
            let ends = [
                format!("In the evening {who} went home."),
                format!("{who} laughed and went back to {own} friends."),
                format!("{who} never forgot that day at the {place}."),
            ];
            (format!("One day {who} went to the {place}. {middle}"), draw.pick(&ends).clone())
        }
        Zh => {
            let pronoun = if he { "他" } else { "她" };
            let found = format!("{pronoun}在那里找到了一个{colour}的{thing}。");
            let met = format!("{pronoun}在那里看见了{animal}。");
            let middle = if draw.chance(0.5) { found } else { met };
            let ends = [
                format!("晚上，{who}回家了。"),
                format!("{who}笑着去找朋友了。"),
                format!("{who}永远记得在{place}的那一天。"),
            ];
            (format!("有一天，{who}去了{place}。{middle}"), draw.pick(&ends).clone())
        }
    }
}

/// A story with one or two events, each resolved by its end or by a question.
pub fn document(draw: &mut Draw, language: Language) -> String {
    let (opening, end) = opening(draw, language);
    let (mut sentences, mut questions) = (vec![opening], String::new());
    for _ in 0..draw.between(1, 2) {
        let (people, reading) = (draw.chance(0.4), *draw.pick(&[Reading::First, Reading::Second]));
        let event = Event::new(draw, language, people, reading);
        sentences.push(event.sentence.clone());
        if draw.chance(0.5) {
            sentences.push(event.resolved(language));
        }
        if draw.chance(0.6) {
            let (text, answer) = event.asked(language);
            questions += &answered(language, &text, &(answer + language.of(".", "。")));
        }
    }
    sentences.push(end);
    sentences.join(language.of(" ", "")) + "\n" + &questions
}

/// A polysemous word in its two senses: the fruit and the company.
pub fn apple(draw: &mut Draw, language: Language) -> String {
    let name = draw.pick(&NAMES).word(language);
    let lines = match language {
        En => [
            format!("{name} ate an apple. The apple was sweet and red."),
            format!("{name} works at Apple. Apple makes phones and computers."),
        ],
        Zh => [
            format!("{name}吃了一个苹果。苹果又红又甜。"),
            format!("{name}在苹果公司工作。苹果公司做手机和电脑。"),
        ],
    };
    draw.pick(&lines).clone() + "\n"
}

/// A question of what a pronoun means.
pub struct Scene {
    /// The event, and the question.
    pub case: Case,
    /// The noun that is meant, as it stands in the event.
    pub right: &'static str,
    /// The other one.
    pub wrong: &'static str,
}

/// One event, and who or what the pronoun means.
pub fn scene(draw: &mut Draw, language: Language, people: bool, reading: Reading) -> Scene {
    let event = Event::new(draw, language, people, reading);
    let (text, answer) = event.asked(language);
    let case = Case { prompt: format!("{}\n{}", event.sentence, question(language, &text)), answer };
    Scene { case, right: event.meant(), wrong: event.nouns[1 - reading as usize] }
}
