//! The names of HTML's elements as a plain enum, so that code can `match` on them.

use std::sync::LazyLock;

use foldhash::HashMap;
use html5ever::LocalName;

/// An element's name, where gleaner has a use for telling it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
#[allow(missing_docs)] // Each variant is the element of that name.
pub enum Tag {
    A,
    Abbr,
    Address,
    AmpImg,
    Article,
    Aside,
    Audio,
    B,
    Base,
    Blockquote,
    Body,
    Br,
    Button,
    Canvas,
    Caption,
    Center,
    Cite,
    Code,
    Dd,
    Del,
    Details,
    Dialog,
    Div,
    Dl,
    Dt,
    Em,
    Embed,
    Fieldset,
    Figcaption,
    Figure,
    Font,
    Footer,
    Form,
    Frame,
    Frameset,
    H1,
    H2,
    H3,
    H4,
    H5,
    H6,
    Head,
    Header,
    Hgroup,
    Hr,
    Html,
    I,
    Iframe,
    Img,
    Input,
    Ins,
    Label,
    Legend,
    Li,
    Link,
    Main,
    Map,
    Mark,
    Math,
    Menu,
    Meta,
    Nav,
    Noframes,
    Noscript,
    Object,
    Ol,
    Optgroup,
    Option,
    P,
    Picture,
    Pre,
    Q,
    Rp,
    Rt,
    Ruby,
    S,
    Samp,
    Script,
    Search,
    Section,
    Select,
    Small,
    Source,
    Span,
    Strike,
    Strong,
    Style,
    Sub,
    Summary,
    Sup,
    Svg,
    Table,
    Tbody,
    Td,
    Template,
    Textarea,
    Tfoot,
    Th,
    Thead,
    Time,
    Title,
    Tr,
    Tt,
    U,
    Ul,
    Video,
    Wbr,
    /// Every other element.
    Other,
}

/// Every tag but [`Tag::Other`].
const NAMED: [Tag; 107] = {
    #[allow(clippy::enum_glob_use)] // A list of the enum's variants.
    use Tag::*;
    [
        A, Abbr, Address, AmpImg, Article, Aside, Audio, B, Base, Blockquote, Body, Br, Button,
        Canvas, Caption, Center, Cite, Code, Dd, Del, Details, Dialog, Div, Dl, Dt, Em, Embed,
        Fieldset, Figcaption, Figure, Font, Footer, Form, Frame, Frameset, H1, H2, H3, H4, H5, H6,
        Head, Header, Hgroup, Hr, Html, I, Iframe, Img, Input, Ins, Label, Legend, Li, Link, Main,
        Map, Mark, Math, Menu, Meta, Nav, Noframes, Noscript, Object, Ol, Optgroup, Option, P,
        Picture, Pre, Q, Rp, Rt, Ruby, S, Samp, Script, Search, Section, Select, Small, Source,
        Span, Strike, Strong, Style, Sub, Summary, Sup, Svg, Table, Tbody, Td, Template, Textarea,
        Tfoot, Th, Thead, Time, Title, Tr, Tt, U, Ul, Video, Wbr,
    ]
};

/// Elements that run inside a line of text, a bit each.
const INLINE: u128 = {
    #[allow(clippy::enum_glob_use)] // A list of the enum's variants.
    use Tag::*;
    let inline = [
        A, Abbr, B, Cite, Code, Del, Em, Font, I, Ins, Label, Mark, Q, Rp, Rt, Ruby, S, Samp,
        Small, Span, Strike, Strong, Sub, Sup, Time, Tt, U, Wbr,
    ];
    let (mut set, mut at) = (0, 0);
    while at < inline.len() {
        set |= 1 << inline[at] as u8;
        at += 1;
    }
    set
};

/// The tags by their elements' names; the parser interns names, so that this compares numbers.
static BY_NAME: LazyLock<HashMap<LocalName, Tag>> = LazyLock::new(|| {
    let name = |tag: Tag| match tag {
        Tag::AmpImg => "amp-img".to_owned(),
        _ => format!("{tag:?}").to_ascii_lowercase(),
    };
    let by_name = NAMED.iter().map(|tag| (LocalName::from(name(*tag)), *tag));
    by_name.collect()
});

impl Tag {
    /// The tag of an element's name.
    pub(super) fn of(name: &LocalName) -> Self {
        BY_NAME.get(name).copied().unwrap_or(Self::Other)
    }

    /// 1 to 6 for a heading, else none.
    pub(crate) fn heading_level(self) -> Option<u8> {
        (Self::H1..=Self::H6)
            .contains(&self)
            .then(|| self as u8 - Self::H1 as u8 + 1)
    }

    /// Whether the element holds code or markup as raw text, never words for a reader.
    pub(crate) fn is_raw_text(self) -> bool {
        matches!(
            self,
            Self::Script | Self::Style | Self::Noframes | Self::Iframe | Self::Textarea
        )
    }

    /// Whether the element runs inside a line of text rather than starting a new one.
    pub(crate) fn is_inline(self) -> bool {
        INLINE & (1 << self as u8) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found() {
        assert_eq!(Tag::of(&LocalName::from("blockquote")), Tag::Blockquote);
        assert_eq!(Tag::of(&LocalName::from("amp-img")), Tag::AmpImg);
        assert_eq!(Tag::of(&LocalName::from("x-widget")), Tag::Other);
    }
}
