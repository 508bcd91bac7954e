//! Made-up news in seven languages: no two stories share a sentence.

/// One language: its tag, sentences with `{a}` and `{b}` for things, `{n}` for a number and `{p}` for a
/// person, and things.
pub(super) struct Language {
    pub(super) tag: &'static str,
    sentences: [&'static str; 7],
    things: [&'static str; 10],
    /// Between two sentences.
    space: &'static str,
    pub(super) headline: &'static str,
}

const PEOPLE: [&str; 12] = [
    "Abara",
    "Castell",
    "Dunmore",
    "Farrow",
    "Jessop",
    "Kowal",
    "Lindqvist",
    "Marchetti",
    "Novak",
    "Okafor",
    "Sabin",
    "Vasko",
];

#[rustfmt::skip]
pub(super) const LANGUAGES: [Language; 7] = [
    Language {
        tag: "en", space: " ", headline: "{p} wants to move the {a} beside the {b}",
        things: ["old mill", "night ferry", "town clock", "salt market", "stone bridge", "orchard", "signal box", "bakery", "reservoir", "lighthouse"],
        sentences: [
            "The {a} was opened again on Monday, {n} years after {p} had closed it for want of money.",
            "{p}, who keeps the {a}, said that nobody had expected {n} visitors in the first week.",
            "A report of {n} pages says that the {b} would have fallen into the river without the repairs.",
            "The council has set aside {n} thousand crowns, most of it for the {a} and the rest for the {b}.",
            "Neighbours of the {b} had asked {p} for a meeting, which ended after {n} minutes without a vote.",
            "What is to become of the {b} will be decided in spring, when {p} is back from a voyage of {n} days.",
            "Until then the {a} stays open for {n} hours a day, and the {b} can be seen from outside only.",
        ],
    },
    Language {
        tag: "de", space: " ", headline: "{p} will den Platz für {a} nicht mehr räumen",
        things: ["die alte Mühle", "die Nachtfähre", "die Turmuhr", "den Salzmarkt", "die Steinbrücke", "den Obstgarten", "das Stellwerk", "die Bäckerei", "die Talsperre", "den Leuchtturm"],
        sentences: [
            "Am Montag hat {p} {a} wieder eröffnet, {n} Jahre nachdem das Geld dafür ausgegangen war.",
            "Mit {n} Besuchern in der ersten Woche habe niemand gerechnet, sagte {p}, der sich um {a} kümmert.",
            "In einem Bericht von {n} Seiten heißt es, dass man {b} ohne die Arbeiten verloren hätte.",
            "Der Gemeinderat gibt {n} tausend Kronen aus, das meiste davon für {a} und den Rest für {b}.",
            "Die Nachbarn hatten {p} um ein Gespräch über {b} gebeten, das nach {n} Minuten ohne Ergebnis endete.",
            "Erst im Frühjahr wird über {b} entschieden, wenn {p} von einer Reise von {n} Tagen zurück ist.",
            "Bis dahin kann man {a} jeden Tag {n} Stunden lang besuchen und {b} nur von außen ansehen.",
        ],
    },
    Language {
        tag: "fr", space: " ", headline: "{p} veut déplacer {a} à côté de la place",
        things: ["le vieux moulin", "le bac de nuit", "la grande horloge", "le marché au sel", "le pont de pierre", "le verger", "le poste d'aiguillage", "la boulangerie", "le réservoir", "le phare"],
        sentences: [
            "Lundi, {p} a rouvert {a}, qui était resté fermé pendant {n} ans faute d'argent.",
            "Personne n'attendait {n} visiteurs dès la première semaine, dit {p}, qui entretient {a}.",
            "Un rapport de {n} pages explique que {b} serait tombé dans la rivière sans ces travaux.",
            "La commune a réservé {n} mille couronnes, dont la plus grande partie pour {a} et le reste pour {b}.",
            "Les voisins avaient demandé à {p} une réunion sur {b}, qui a pris fin au bout de {n} minutes.",
            "On décidera de {b} au printemps, quand {p} sera de retour d'un voyage de {n} jours.",
            "D'ici là, {a} reste ouvert {n} heures par jour et l'on ne voit {b} que du dehors.",
        ],
    },
    Language {
        tag: "es", space: " ", headline: "{p} quiere llevar {a} hasta la plaza del pueblo",
        things: ["el viejo molino", "el barco de noche", "el reloj de la torre", "el mercado de la sal", "el puente de piedra", "el huerto", "la caseta de señales", "la panadería", "el embalse", "el faro"],
        sentences: [
            "El lunes {p} abrió de nuevo {a}, que había estado cerrado durante {n} años por falta de dinero.",
            "Nadie esperaba {n} visitantes en la primera semana, dijo {p}, que cuida de {a}.",
            "Un informe de {n} páginas dice que {b} se habría caído al río sin las obras.",
            "El ayuntamiento ha guardado {n} mil coronas, la mayor parte para {a} y el resto para {b}.",
            "Los vecinos habían pedido a {p} una reunión sobre {b}, que terminó a los {n} minutos sin acuerdo.",
            "Lo que pase con {b} se decidirá en primavera, cuando {p} vuelva de un viaje de {n} días.",
            "Hasta entonces {a} abre {n} horas al día y {b} solo se puede ver desde fuera.",
        ],
    },
    Language {
        tag: "it", space: " ", headline: "{p} vuole spostare {a} vicino alla piazza",
        things: ["il vecchio mulino", "il traghetto di notte", "l'orologio della torre", "il mercato del sale", "il ponte di pietra", "il frutteto", "la cabina dei segnali", "il forno", "il bacino", "il faro"],
        sentences: [
            "Lunedì {p} ha riaperto {a}, che era rimasto chiuso per {n} anni perché mancavano i soldi.",
            "Nessuno aspettava {n} visitatori nella prima settimana, ha detto {p}, che cura {a}.",
            "Una relazione di {n} pagine dice che {b} sarebbe caduto nel fiume senza quei lavori.",
            "Il comune ha messo da parte {n} mila corone, quasi tutte per {a} e il resto per {b}.",
            "I vicini avevano chiesto a {p} un incontro su {b}, finito dopo {n} minuti senza un voto.",
            "Di {b} si deciderà in primavera, quando {p} tornerà da un viaggio di {n} giorni.",
            "Fino ad allora {a} resta aperto {n} ore al giorno e {b} si vede soltanto da fuori.",
        ],
    },
    Language {
        tag: "ru", space: " ", headline: "{p} хочет перенести к площади {a}",
        things: ["старую мельницу", "ночной паром", "городские часы", "соляной рынок", "каменный мост", "яблоневый сад", "будку стрелочника", "пекарню", "водохранилище", "маяк"],
        sentences: [
            "В понедельник {p} снова открыл {a}, закрытые {n} лет назад из-за нехватки денег.",
            "Никто не ждал {n} посетителей за первую неделю, сказал {p}, который содержит {a}.",
            "В отчёте на {n} страницах говорится, что без ремонта река унесла бы {b}.",
            "Совет отложил {n} тысяч крон, большую часть на {a}, а остальное на {b}.",
            "Соседи просили {p} обсудить {b}, но собрание через {n} минут закончилось без решения.",
            "Что делать с тем, что осталось, решат весной, когда {p} вернётся из поездки в {n} дней и увидит {b}.",
            "До тех пор можно {n} часов в день осматривать {a}, а издалека видеть {b}.",
        ],
    },
    Language {
        tag: "zh", space: "", headline: "{p}希望把{a}搬到{b}旁边的广场上去",
        things: ["老磨坊", "夜间渡轮", "城里的大钟", "盐市场", "石桥", "果园", "信号房", "面包店", "水库", "灯塔"],
        sentences: [
            "星期一，{p}重新开放了{a}，这里因为缺少资金已经关闭了{n}年。",
            "负责{a}的{p}说，没有人想到第一个星期会来{n}名参观者。",
            "一份{n}页的报告指出，如果不进行修理，{b}早就掉进河里去了。",
            "镇政府拨出了{n}万元，其中大部分用于{a}，其余的用于{b}。",
            "住在{b}附近的居民请{p}开会讨论，会议进行了{n}分钟，没有结果。",
            "{b}今后怎么办，要等到春天{p}结束{n}天的旅行回来以后才能决定。",
            "在那之前，{a}每天开放{n}个小时，而{b}只能从外面看一看。",
        ],
    },
];

/// A number that differs for each story and place in it.
fn pick(story: usize, place: usize, of: usize) -> usize {
    let mixed =
        (story as u64 * 7919 + place as u64 * 104_729 + 13).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from((mixed >> 33) % of as u64).expect("it is small")
}

fn fill(language: &Language, template: &str, story: usize, place: usize) -> String {
    let thing = |shift| language.things[pick(story, place * 3 + shift, 10)];
    template
        .replace("{a}", thing(1))
        .replace("{b}", thing(2))
        .replace("{n}", &(story * 9 + place + 12).to_string())
        .replace("{p}", PEOPLE[pick(story, place, PEOPLE.len())])
}

pub(super) fn headline(language: &Language, story: usize) -> String {
    fill(language, language.headline, story, 91)
}

/// Paragraphs of two sentences each.
pub(super) fn paragraphs(language: &Language, story: usize, count: usize) -> Vec<String> {
    let sentence = |place: usize| {
        let template = language.sentences[(place + story) % language.sentences.len()];
        fill(language, template, story, place)
    };
    let two = |at: usize| sentence(2 * at) + language.space + &sentence(2 * at + 1);
    (0..count).map(two).collect()
}
