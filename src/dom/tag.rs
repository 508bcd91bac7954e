//! The names of HTML's elements as a plain enum, so that code can `match` on them.

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

/// Names and tags, sorted by name.
const NAMES: &[(&str, Tag)] = &[
    ("a", Tag::A),
    ("abbr", Tag::Abbr),
    ("address", Tag::Address),
    ("amp-img", Tag::AmpImg),
    ("article", Tag::Article),
    ("aside", Tag::Aside),
    ("audio", Tag::Audio),
    ("b", Tag::B),
    ("base", Tag::Base),
    ("blockquote", Tag::Blockquote),
    ("body", Tag::Body),
    ("br", Tag::Br),
    ("button", Tag::Button),
    ("canvas", Tag::Canvas),
    ("caption", Tag::Caption),
    ("center", Tag::Center),
    ("cite", Tag::Cite),
    ("code", Tag::Code),
    ("dd", Tag::Dd),
    ("del", Tag::Del),
    ("details", Tag::Details),
    ("dialog", Tag::Dialog),
    ("div", Tag::Div),
    ("dl", Tag::Dl),
    ("dt", Tag::Dt),
    ("em", Tag::Em),
    ("embed", Tag::Embed),
    ("fieldset", Tag::Fieldset),
    ("figcaption", Tag::Figcaption),
    ("figure", Tag::Figure),
    ("font", Tag::Font),
    ("footer", Tag::Footer),
    ("form", Tag::Form),
    ("frame", Tag::Frame),
    ("frameset", Tag::Frameset),
    ("h1", Tag::H1),
    ("h2", Tag::H2),
    ("h3", Tag::H3),
    ("h4", Tag::H4),
    ("h5", Tag::H5),
    ("h6", Tag::H6),
    ("head", Tag::Head),
    ("header", Tag::Header),
    ("hgroup", Tag::Hgroup),
    ("hr", Tag::Hr),
    ("html", Tag::Html),
    ("i", Tag::I),
    ("iframe", Tag::Iframe),
    ("img", Tag::Img),
    ("input", Tag::Input),
    ("ins", Tag::Ins),
    ("label", Tag::Label),
    ("legend", Tag::Legend),
    ("li", Tag::Li),
    ("link", Tag::Link),
    ("main", Tag::Main),
    ("map", Tag::Map),
    ("mark", Tag::Mark),
    ("math", Tag::Math),
    ("menu", Tag::Menu),
    ("meta", Tag::Meta),
    ("nav", Tag::Nav),
    ("noframes", Tag::Noframes),
    ("noscript", Tag::Noscript),
    ("object", Tag::Object),
    ("ol", Tag::Ol),
    ("optgroup", Tag::Optgroup),
    ("option", Tag::Option),
    ("p", Tag::P),
    ("picture", Tag::Picture),
    ("pre", Tag::Pre),
    ("q", Tag::Q),
    ("rp", Tag::Rp),
    ("rt", Tag::Rt),
    ("ruby", Tag::Ruby),
    ("s", Tag::S),
    ("samp", Tag::Samp),
    ("script", Tag::Script),
    ("search", Tag::Search),
    ("section", Tag::Section),
    ("select", Tag::Select),
    ("small", Tag::Small),
    ("source", Tag::Source),
    ("span", Tag::Span),
    ("strike", Tag::Strike),
    ("strong", Tag::Strong),
    ("style", Tag::Style),
    ("sub", Tag::Sub),
    ("summary", Tag::Summary),
    ("sup", Tag::Sup),
    ("svg", Tag::Svg),
    ("table", Tag::Table),
    ("tbody", Tag::Tbody),
    ("td", Tag::Td),
    ("template", Tag::Template),
    ("textarea", Tag::Textarea),
    ("tfoot", Tag::Tfoot),
    ("th", Tag::Th),
    ("thead", Tag::Thead),
    ("time", Tag::Time),
    ("title", Tag::Title),
    ("tr", Tag::Tr),
    ("tt", Tag::Tt),
    ("u", Tag::U),
    ("ul", Tag::Ul),
    ("video", Tag::Video),
    ("wbr", Tag::Wbr),
];

impl Tag {
    /// The tag of a name in lower case.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        NAMES
            .binary_search_by(|(known, _)| (*known).cmp(name))
            .map_or(Self::Other, |place| NAMES[place].1)
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
    fn names_are_sorted_and_found() {
        assert!(NAMES.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(Tag::from_name("blockquote"), Tag::Blockquote);
        assert_eq!(Tag::from_name("x-widget"), Tag::Other);
    }
}
