//! Short stories: somebody goes somewhere, something happens because of somebody or something that only a
//! pronoun names, and the end says who or what it was. Their key is the two nouns that the pronoun could
//! mean.

use crate::Language::{self, En, Zh};
use crate::case::{Case, answered, question};
use crate::draw::Draw;
use crate::lexicon::{
    ANIMALS, COLOURS, Entry, FOODS, HOLDERS, NAMES, PLACES, THINGS, Table, WAYS, a, capital,
};

/// Which of two nouns a pronoun means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The one named first.
    First,
    /// The other.
    Second,
}

impl Reading {
    pub const BOTH: [Self; 2] = [Self::First, Self::Second];
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

/// Two people, distinguished by he and she.
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

/// Two things, distinguished only by what is said of them: the classes of the nouns, and the frame.
static THINGS_FRAMES: [(&Table, &Table, Frame); 3] = [
    (
        &ANIMALS,
        &WAYS,
        Frame {
            en: "the {x} did not cross the {y} because {p} was too",
            zh: "{x}没有穿过{y}，因为{p}太",
            first: &[("tired", "累了"), ("scared", "害怕了"), ("lazy", "懒了"), ("hungry", "饿了")],
            second: &[("wide", "宽了"), ("crowded", "拥挤了"), ("dangerous", "危险了"), ("long", "长了")],
        },
    ),
    (
        &ANIMALS,
        &FOODS,
        Frame {
            en: "the {x} did not eat the {y} because {p} was too",
            zh: "{x}没有吃{y}，因为{p}太",
            first: &[("full", "饱了"), ("sleepy", "困了"), ("shy", "害羞了"), ("young", "小了")],
            second: &[("hard", "硬了"), ("bitter", "苦了"), ("rotten", "烂了"), ("hot", "烫了")],
        },
    ),
    (
        &THINGS,
        &HOLDERS,
        Frame {
            en: "the {x} did not fit into the {y} because {p} was too",
            zh: "{x}放不进{y}，因为{p}太",
            first: &[("big", "大了"), ("wide", "宽了"), ("thick", "厚了"), ("long", "长了")],
            second: &[("small", "小了"), ("narrow", "窄了"), ("full", "满了"), ("flat", "扁了")],
        },
    ),
];

/// Two nouns, and what happens between them.
struct Setting {
    frame: &'static Frame,
    nouns: [&'static Entry; 2],
    people: bool,
}

impl Setting {
    fn new(draw: &mut Draw, language: Language, people: bool) -> Self {
        let make = |draw: &mut Draw| if people { Self::of_people(draw) } else { Self::of_things(draw) };
        draw.of_split(make, |setting| vec![setting.words(language).join(" ")])
    }

    fn of_people(draw: &mut Draw) -> Self {
        let frame = draw.pick(&PEOPLE);
        let nouns = loop {
            let pair = [draw.pick(&NAMES), draw.pick(&NAMES)];
            if pair[0].third() != pair[1].third() {
                break pair;
            }
        };
        Self { frame, nouns, people: true }
    }

    fn of_things(draw: &mut Draw) -> Self {
        let (firsts, seconds, frame) = draw.pick(&THINGS_FRAMES);
        Self { frame, nouns: [draw.pick(firsts), draw.pick(seconds)], people: false }
    }

    fn words(&self, language: Language) -> [&'static str; 2] {
        self.nouns.map(|noun| noun.word(language))
    }

    fn pronoun(&self, language: Language, reading: Reading) -> &'static str {
        if !self.people {
            return language.of("it", "它");
        }
        match self.nouns[reading as usize].third() {
            "he" => language.of("he", "他"),
            _ => language.of("she", "她"),
        }
    }

    /// An event with a reason that fits the reading.
    fn event(&self, draw: &mut Draw, language: Language, reading: Reading) -> Event {
        let Self { frame, people, .. } = *self;
        let given = draw.pick(&THINGS);
        let thing = given.word(language);
        let property = *draw.pick(if reading == Reading::First { frame.first } else { frame.second });
        let nouns = self.words(language);
        let told = language
            .of(frame.en, frame.zh)
            .replace("{x}", nouns[0])
            .replace("{y}", nouns[1])
            .replace("{t}", &language.of(a(thing), format!("一{}{thing}", given.third())))
            .replace("{p}", self.pronoun(language, reading));
        let sentence = match language {
            En => format!("{} {}.", capital(&told), property.0),
            Zh => format!("{told}{}。", property.1),
        };
        Event { sentence, nouns, reading, property, people }
    }
}

/// An event whose cause refers to one of two nouns by a pronoun.
struct Event {
    sentence: String,
    nouns: [&'static str; 2],
    reading: Reading,
    property: (&'static str, &'static str),
    people: bool,
}

impl Event {
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

    /// The question about it, and the answer.
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

    /// The question with its answer, as in a document.
    fn questioned(&self, language: Language) -> String {
        let (text, answer) = self.asked(language);
        answered(language, &text, &(answer + language.of(".", "。")))
    }
}

/// The beginning and the end of a story.
fn opening(draw: &mut Draw, language: Language) -> (String, String) {
    let (name, place, thing) = (draw.pick(&NAMES), draw.pick(&PLACES), draw.pick(&THINGS));
    let (animal, colour, measure) = (draw.pick(&ANIMALS), draw.pick(&COLOURS), thing.third());
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
            let found = format!("{pronoun}在那里找到了一{measure}{colour}的{thing}。");
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

/// A story with one to three events, each resolved by its end or by a question; or a few events, each
/// followed by its question.
pub fn document(draw: &mut Draw, language: Language) -> String {
    if draw.chance(0.5) { scenes(draw, language) } else { story(draw, language) }
}

fn story(draw: &mut Draw, language: Language) -> String {
    let (opening, end) = opening(draw, language);
    let (mut sentences, mut questions) = (vec![opening], String::new());
    for _ in 0..draw.between(1, 3) {
        let people = draw.chance(0.5);
        let reading = *draw.pick(&Reading::BOTH);
        let event = Setting::new(draw, language, people).event(draw, language, reading);
        sentences.push(event.sentence.clone());
        if draw.chance(0.5) {
            sentences.push(event.resolved(language));
        }
        if draw.chance(0.8) {
            questions += &event.questioned(language);
        }
    }
    sentences.push(end);
    sentences.join(language.of(" ", "")) + "\n" + &questions
}

/// The same two occur once or twice in a row: only the cause distinguishes the readings.
fn scenes(draw: &mut Draw, language: Language) -> String {
    let mut text = String::new();
    for _ in 0..draw.between(1, 3) {
        let people = draw.chance(0.5);
        let setting = Setting::new(draw, language, people);
        for _ in 0..draw.between(1, 2) {
            let reading = *draw.pick(&Reading::BOTH);
            let event = setting.event(draw, language, reading);
            text += &format!("{}\n{}", event.sentence, event.questioned(language));
        }
    }
    text
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

/// A question about the meaning of a pronoun.
pub struct Scene {
    /// The event, and the question.
    pub case: Case,
    /// The noun that is meant, as in the event.
    pub right: &'static str,
    /// The other one.
    pub wrong: &'static str,
}

/// One event, and who or what the pronoun means.
pub fn scene(draw: &mut Draw, language: Language, people: bool, reading: Reading) -> Scene {
    let event = Setting::new(draw, language, people).event(draw, language, reading);
    let (text, answer) = event.asked(language);
    let case = Case { prompt: format!("{}\n{}", event.sentence, question(language, &text)), answer };
    Scene { case, right: event.meant(), wrong: event.nouns[1 - reading as usize] }
}
