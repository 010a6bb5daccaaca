from pathlib import Path

import pytest

from index.article import Article, DateOrigin, Skipped
from index.config import ReadingConfig
from index.readers import read_sources

SMALL = ReadingConfig(max_file_mb=0.01)


def read(
    tmp_path: Path, content: str | bytes, name: str = "news.csv", reading: ReadingConfig | None = None
) -> list[Article | Skipped]:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_sources([str(path)], reading=reading))


def articles(tmp_path: Path, content: str | bytes, name: str = "news.csv") -> list[Article]:
    found = read(tmp_path, content, name)
    assert all(isinstance(one, Article) for one in found), found
    return [one for one in found if isinstance(one, Article)]


def rows(found: list[Article | Skipped]) -> list[tuple[str, str]]:
    """Return the row of each article with its title, and of what was skipped with the reason."""
    return [
        (one.origin.rsplit(":", 1)[-1], one.title if isinstance(one, Article) else one.reason)
        for one in found
    ]


def test_each_row_is_an_article_named_by_its_row(tmp_path):
    first, second = articles(
        tmp_path,
        "id,title,text,url,published,author\n"
        "7,The port reopens,It reopened on Tuesday.,https://post.example/port,2026-03-04,Ann Lee\n"
        "8,Ferries run,They run again.,,,\n",
    )
    assert (first.title, first.text, first.url) == (
        "The port reopens",
        "It reopened on Tuesday.",
        "https://post.example/port",
    )
    assert (first.published, first.published_from) == ("2026-03-04", DateOrigin.META)
    assert first.authors == ("Ann Lee",)
    assert second.origin.endswith("news.csv:3")
    assert second.key.endswith("news.csv#8")


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("name", ["news.csv", "news.tsv"])
def test_the_mark_between_columns_is_found(tmp_path, mark, name):
    (article,) = articles(
        tmp_path, f'title{mark}text\nA{mark}"It reopened; ferries, trams | buses run."\n', name
    )
    assert article.text == "It reopened; ferries, trams | buses run."


def test_a_spreadsheet_may_name_the_mark_on_a_line_of_its_own(tmp_path):
    (article,) = articles(tmp_path, "sep=|\ntitle|text\nA|B; C, D\n")
    assert article.text == "B; C, D"


def test_a_text_may_hold_lines_quotation_marks_and_blank_lines(tmp_path):
    one, two = articles(
        tmp_path, 'title,text\nA,"It reopened.\n\n""At last"", the mayor said.\r\n\r\nFerries run."\nB,Text\n'
    )
    assert one.text == 'It reopened.\n\n"At last", the mayor said.\n\nFerries run.'
    assert two.origin.endswith(":3")


def test_quotation_marks_may_be_escaped_by_a_backslash(tmp_path):
    (article,) = articles(tmp_path, 'title,text\nA,"\\"At last\\", the mayor said, \\"it runs\\" again"\n')
    assert article.text == '"At last", the mayor said, "it runs" again'


def test_a_backslash_elsewhere_is_a_backslash(tmp_path):
    (article,) = articles(tmp_path, 'title,text\nA,"It is kept in C:\\news\\port."\n')
    assert article.text == "It is kept in C:\\news\\port."


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ends_of_lines(tmp_path, end):
    assert [one.title for one in articles(tmp_path, end.join(["title,text", "A,a", "B,b", ""]))] == ["A", "B"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-32"])
def test_the_character_set_is_detected(tmp_path, encoding):
    text = "Le café du port a rouvert mardi, a déclaré la mairie à l’île voisine."
    (article,) = articles(tmp_path, f'title,text\nLe café,"{text}"\n'.encode(encoding))
    assert (article.title, article.text) == ("Le café", text)


def test_lines_in_another_character_set_do_not_spoil_the_rest(tmp_path):
    lines = [
        b"title,text\n",
        "Žižkov,Tramvaje jezdí.\n".encode(),
        "Café,Il a rouvert mardi.\n".encode("cp1252"),
    ]
    assert [one.title for one in articles(tmp_path, b"".join(lines))] == ["Žižkov", "Café"]


@pytest.mark.parametrize("text", ["東京の港が再開した。", "אבגד הנמל נפתח", "الميناء يفتح", "👩‍👩‍👧 🌤️ 🇺🇳"])
def test_every_script_comes_back_however_large_the_file(tmp_path, text):
    found = articles(tmp_path, "title,text,more\n" + f"A,{text},{text * 40}\n" * 2000)
    assert len(found) == 2000
    assert {one.text for one in found} == {text}


def test_cells_that_stand_for_nothing_are_empty(tmp_path):
    (article,) = articles(tmp_path, "title,text,author,language,date\nA,Text,None,nan,NULL\n")
    assert (article.authors, article.published) == ((), None)


def test_of_columns_of_one_name_the_first_that_is_filled_counts(tmp_path):
    one, two = articles(tmp_path, "title,text,Text\nA,first,second\nB,,second\n")
    assert (one.text, two.text) == ("first", "second")


def test_columns_without_meaning_and_blank_rows_are_passed_over(tmp_path):
    found = read(tmp_path, "Unnamed: 0,title,text,embedding\n0,A,a,0.1\n\n,,,\n1,B,b,0.2\n")
    assert [one.title for one in found if isinstance(one, Article)] == ["A", "B"]
    assert len(found) == 2


def test_a_row_may_lack_its_last_columns(tmp_path):
    (article,) = articles(tmp_path, "text,title,date\nIt reopened.\n")
    assert article.text == "It reopened."


def test_a_row_with_too_many_columns_is_named_and_the_others_go_on(tmp_path):
    found = read(tmp_path, "title,text\nA,a\nB,b, and more\nC,c\n")
    assert rows(found) == [
        ("2", "A"),
        ("3", "has 3 columns where the first line names 2: put texts that hold ',' between quotation marks"),
        ("4", "C"),
    ]


def test_a_table_of_one_column_needs_no_marks(tmp_path):
    one, two = articles(tmp_path, "text\nIt reopened, at last.\nFerries run; trams too.\n")
    assert (one.text, two.text) == ("It reopened, at last.", "Ferries run; trams too.")


def test_a_quotation_mark_that_is_not_closed_costs_its_row_only(tmp_path):
    found = read(tmp_path, 'title,text\nA,"It reopened.\nB,Ferries run.\nC,"Trams run."\nD,Buses run.\n')
    assert [title for _, title in rows(found)][1:] == ["B", "C", "D"]
    assert "is not valid CSV" in rows(found)[0][1]


def test_lines_of_a_damaged_row_do_not_become_articles(tmp_path):
    found = read(
        tmp_path,
        'title,text,date\nA,"It "reopened",\nat last.\nReally,\n",2026-03-04\nB,Ferries run.,2026-03-05\n',
    )
    assert [type(one) for one in found] == [Skipped, Article]


def test_quotation_marks_within_a_cell_are_kept(tmp_path):
    one, two = articles(tmp_path, 'title,text\nA,"It "really" reopened"\nB,a 5" pipe\n')
    assert (one.text, two.text) == ('It "really" reopened', 'a 5" pipe')


def test_quotation_marks_mean_nothing_in_a_table_by_tabs(tmp_path):
    found = articles(
        tmp_path, 'title\ttext\nA\t"At last," he said\nB\t"Not closed\nC\tFerries run.\n', "news.tsv"
    )
    assert [one.text for one in found] == ['"At last," he said', '"Not closed', "Ferries run."]


def test_nul_bytes_cost_their_row_only(tmp_path):
    found = read(tmp_path, "title,text\nA,a\nB,b\0b\nC,c\n")
    assert rows(found) == [("2", "A"), ("3", "is not text: it holds NUL bytes"), ("4", "C")]


def test_a_cell_may_be_larger_than_the_parser_takes_by_default(tmp_path):
    text = "The port reopened. " * 20_000
    (article,) = articles(tmp_path, f'title,text\nA,"{text}"\n')
    assert len(article.text) == len(text.strip())


@pytest.mark.parametrize("middle", ["x" * 50_000, "A," + "y" * 50_000, '"' + "z\n" * 30_000])
def test_a_row_that_is_too_long_is_passed_over(tmp_path, middle):
    found = read(tmp_path, f"title,text\nA,a\n{middle}\nB,b\n", reading=SMALL)
    assert rows(found)[0] == ("2", "A")
    assert rows(found)[-1][1] == "B"
    assert "is longer than 0 MB" in rows(found)[1][1]


def test_a_file_of_quotation_marks_that_never_close_is_given_up(tmp_path):
    found = read(tmp_path, 'title,text\n"a,"\n' + 'a"b,"\n' * 50_000, reading=SMALL)
    assert "too many quotation marks are not closed" in rows(found)[-1][1]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            "3,Port reopens,It reopened\n",
            "its first line does not name the columns: it reads '3,Port reopens,It",
        ),
        ("kop;lijf\nA;B\n", "its first line does not name the columns"),
        (
            "id,title,url\n1,A,https://post.example/a\n",
            "has no text: it has id, title, url; say which is the text",
        ),
        ("title,te\0xt\nA,B\n", "is not text: it holds NUL bytes"),
        ("\n\n  \n", "the file is empty"),
        ('"title,text\nA,B\n', "its first line does not name the columns"),
    ],
)
def test_a_table_without_names_for_its_columns_is_refused_once(tmp_path, content, reason):
    (skipped,) = read(tmp_path, content)
    assert isinstance(skipped, Skipped)
    assert skipped.reason.startswith(reason)


def test_columns_may_be_named_by_the_configuration(tmp_path):
    reading = ReadingConfig(fields={"title": ("kop",), "text": ("lijf",)})
    (article,) = read(tmp_path, "kop;lijf\nA;B\n", reading=reading)
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("A", "B")
