//! Tables, of data and of layout.

use gleaner::record::BlockKind;

use super::blocks;

#[test]
fn tables_keep_rows_and_cells() {
    let found = blocks(
        "<table><tr><th>Year</th><th>Litres</th></tr><tr><td>2023</td><td>41,000</td></tr><tr><td>2024</td><td>0</td></tr></table>",
    );
    let rows = [["Year", "Litres"], ["2023", "41,000"], ["2024", "0"]]
        .map(|row| row.map(str::to_owned).to_vec())
        .to_vec();
    assert_eq!(
        found,
        [(
            BlockKind::Table { rows },
            "Year | Litres\n2023 | 41,000\n2024 | 0".to_owned()
        )]
    );
}

#[test]
fn empty_cells_keep_their_places_and_lists_stand_in_cells() {
    let found = blocks(
        "<table><caption>Litres by year</caption>\
         <tr><th></th><th>Spring</th><th>Autumn</th></tr>\
         <tr><td>2023</td><td></td><td><ul><li>41,000</li><li>of rain</li></ul></td></tr></table>",
    );
    let rows = [
        vec!["", "Spring", "Autumn"],
        vec!["2023", "", "41,000 of rain"],
    ]
    .map(|row| row.into_iter().map(str::to_owned).collect())
    .to_vec();
    assert_eq!(
        found,
        [
            (BlockKind::Paragraph, "Litres by year".to_owned()),
            (
                BlockKind::Table { rows },
                " | Spring | Autumn\n2023 |  | 41,000 of rain".to_owned()
            )
        ]
    );
}

#[test]
fn tables_that_lay_out_a_page_are_no_tables() {
    let cells = [
        "The basin stands on the market square, between the bakery and the bank.",
        "The pipe under it was laid by prisoners, and nobody has seen it since.",
        "The valve is in a cellar to which the last keeper had the only key.",
    ];
    let [one, two, three] = cells;
    let found = blocks(&format!(
        "<table role=presentation><tr><td>{one}</td><td>{two}</td></tr><tr><td>{three}</td></tr></table>"
    ));
    assert_eq!(
        found,
        cells.map(|cell| (BlockKind::Paragraph, cell.to_owned()))
    );
}

#[test]
fn line_numbers_beside_code_are_no_code() {
    assert_eq!(
        blocks(
            "<table><tr><td class=gutter><pre>1\n2</pre></td><td><pre><span>open valve</span>\n<span>wait 10</span></pre></td></tr></table>"
        ),
        [(BlockKind::Code, "open valve\nwait 10".to_owned())]
    );
    assert_eq!(
        blocks("<pre>open valve<br><br>wait 10<div>close valve</div></pre>"),
        [(
            BlockKind::Code,
            "open valve\n\nwait 10\nclose valve".to_owned()
        )]
    );
}
