//! The names of HTML's elements as a plain enum, so that code can `match` on them.

use html5ever::{LocalName, local_name};

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

impl Tag {
    /// The tag of a name. Names are interned by the parser, so that this compares numbers.
    #[must_use]
    #[allow(clippy::too_many_lines)] // A line an element.
    pub(super) fn of(name: &LocalName) -> Self {
        match *name {
            local_name!("a") => Self::A,
            local_name!("abbr") => Self::Abbr,
            local_name!("address") => Self::Address,
            local_name!("article") => Self::Article,
            local_name!("aside") => Self::Aside,
            local_name!("audio") => Self::Audio,
            local_name!("b") => Self::B,
            local_name!("base") => Self::Base,
            local_name!("blockquote") => Self::Blockquote,
            local_name!("body") => Self::Body,
            local_name!("br") => Self::Br,
            local_name!("button") => Self::Button,
            local_name!("canvas") => Self::Canvas,
            local_name!("caption") => Self::Caption,
            local_name!("center") => Self::Center,
            local_name!("cite") => Self::Cite,
            local_name!("code") => Self::Code,
            local_name!("dd") => Self::Dd,
            local_name!("del") => Self::Del,
            local_name!("details") => Self::Details,
            local_name!("dialog") => Self::Dialog,
            local_name!("div") => Self::Div,
            local_name!("dl") => Self::Dl,
            local_name!("dt") => Self::Dt,
            local_name!("em") => Self::Em,
            local_name!("embed") => Self::Embed,
            local_name!("fieldset") => Self::Fieldset,
            local_name!("figcaption") => Self::Figcaption,
            local_name!("figure") => Self::Figure,
            local_name!("font") => Self::Font,
            local_name!("footer") => Self::Footer,
            local_name!("form") => Self::Form,
            local_name!("frame") => Self::Frame,
            local_name!("frameset") => Self::Frameset,
            local_name!("h1") => Self::H1,
            local_name!("h2") => Self::H2,
            local_name!("h3") => Self::H3,
            local_name!("h4") => Self::H4,
            local_name!("h5") => Self::H5,
            local_name!("h6") => Self::H6,
            local_name!("head") => Self::Head,
            local_name!("header") => Self::Header,
            local_name!("hgroup") => Self::Hgroup,
            local_name!("hr") => Self::Hr,
            local_name!("html") => Self::Html,
            local_name!("i") => Self::I,
            local_name!("iframe") => Self::Iframe,
            local_name!("img") => Self::Img,
            local_name!("input") => Self::Input,
            local_name!("ins") => Self::Ins,
            local_name!("label") => Self::Label,
            local_name!("legend") => Self::Legend,
            local_name!("li") => Self::Li,
            local_name!("link") => Self::Link,
            local_name!("main") => Self::Main,
            local_name!("map") => Self::Map,
            local_name!("mark") => Self::Mark,
            local_name!("math") => Self::Math,
            local_name!("menu") => Self::Menu,
            local_name!("meta") => Self::Meta,
            local_name!("nav") => Self::Nav,
            local_name!("noframes") => Self::Noframes,
            local_name!("noscript") => Self::Noscript,
            local_name!("object") => Self::Object,
            local_name!("ol") => Self::Ol,
            local_name!("optgroup") => Self::Optgroup,
            local_name!("option") => Self::Option,
            local_name!("p") => Self::P,
            local_name!("picture") => Self::Picture,
            local_name!("pre") => Self::Pre,
            local_name!("q") => Self::Q,
            local_name!("rp") => Self::Rp,
            local_name!("rt") => Self::Rt,
            local_name!("ruby") => Self::Ruby,
            local_name!("s") => Self::S,
            local_name!("samp") => Self::Samp,
            local_name!("script") => Self::Script,
            local_name!("search") => Self::Search,
            local_name!("section") => Self::Section,
            local_name!("select") => Self::Select,
            local_name!("small") => Self::Small,
            local_name!("source") => Self::Source,
            local_name!("span") => Self::Span,
            local_name!("strike") => Self::Strike,
            local_name!("strong") => Self::Strong,
            local_name!("style") => Self::Style,
            local_name!("sub") => Self::Sub,
            local_name!("summary") => Self::Summary,
            local_name!("sup") => Self::Sup,
            local_name!("svg") => Self::Svg,
            local_name!("table") => Self::Table,
            local_name!("tbody") => Self::Tbody,
            local_name!("td") => Self::Td,
            local_name!("template") => Self::Template,
            local_name!("textarea") => Self::Textarea,
            local_name!("tfoot") => Self::Tfoot,
            local_name!("th") => Self::Th,
            local_name!("thead") => Self::Thead,
            local_name!("time") => Self::Time,
            local_name!("title") => Self::Title,
            local_name!("tr") => Self::Tr,
            local_name!("tt") => Self::Tt,
            local_name!("u") => Self::U,
            local_name!("ul") => Self::Ul,
            local_name!("video") => Self::Video,
            local_name!("wbr") => Self::Wbr,
            // No name of HTML's own, and so no constant of the parser's.
            _ if &**name == "amp-img" => Self::AmpImg,
            _ => Self::Other,
        }
    }

    /// 1 to 6 for a heading, else none.
    #[must_use]
    pub fn heading_level(self) -> Option<u8> {
        match self {
            Self::H1 => Some(1),
            Self::H2 => Some(2),
            Self::H3 => Some(3),
            Self::H4 => Some(4),
            Self::H5 => Some(5),
            Self::H6 => Some(6),
            _ => None,
        }
    }

    /// Whether the element holds code or markup as raw text, never words for a reader.
    #[must_use]
    pub fn is_raw_text(self) -> bool {
        matches!(
            self,
            Self::Script | Self::Style | Self::Noframes | Self::Iframe | Self::Textarea
        )
    }

    /// Whether the element runs inside a line of text rather than starting a new one.
    #[must_use]
    pub fn is_inline(self) -> bool {
        matches!(
            self,
            Self::A
                | Self::Abbr
                | Self::B
                | Self::Cite
                | Self::Code
                | Self::Del
                | Self::Em
                | Self::Font
                | Self::I
                | Self::Ins
                | Self::Label
                | Self::Mark
                | Self::Q
                | Self::Rp
                | Self::Rt
                | Self::Ruby
                | Self::S
                | Self::Samp
                | Self::Small
                | Self::Span
                | Self::Strike
                | Self::Strong
                | Self::Sub
                | Self::Sup
                | Self::Time
                | Self::Tt
                | Self::U
                | Self::Wbr
        )
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
