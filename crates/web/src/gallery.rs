//! The gallery: every page part printed once from its template and kept under `web/gallery`, where
//! the browser suite looks at it with axe. Deliberately absent from the binary: this is a test.

use std::{env, fs, path::PathBuf};

use askama::Template;

use crate::parts::{Bar, Choice, Fact, Figure, Link, Moment, Problem, Step, Task, Tile};

const WORDS: &str = include_str!("../messages.toml");

struct User {
    name: String,
    role: String,
}

struct Shell {
    lang: &'static str,
    path: &'static str,
    csrf: &'static str,
    user: Option<User>,
    flash: Option<String>,
    nav: Vec<Link>,
    mine: Vec<Link>,
    session_seconds: i64,
}

impl Shell {
    fn new(lang: &'static str, names: &[&str], user: Option<User>) -> Self {
        let flash = user.as_ref().map(|_| "已保存".to_owned());
        let mut nav: Vec<Link> = names.iter().map(|name| Link::to("#", *name)).collect();
        nav[1].current = true;
        Self {
            lang,
            path: "/gallery",
            csrf: "token",
            user,
            flash,
            nav,
            mine: Vec::new(),
            session_seconds: 0,
        }
    }

    fn shows_desk(&self) -> bool {
        true
    }

    /// The wording of `section.key`, read line by line: the file is as plain as that.
    fn t(&self, key: &str) -> String {
        let (section, name) = key.split_once('.').unwrap();
        let body = WORDS.split_once(&format!("[{section}]\n")).unwrap().1;
        let body = body.split("\n[").next().unwrap();
        let start = format!("{name} = ");
        let line = body
            .lines()
            .find(|line| line.starts_with(&start))
            .expect(key);
        let field = if self.lang == "en" {
            "en = \""
        } else {
            "zh = \""
        };
        line.split_once(field)
            .unwrap()
            .1
            .split('"')
            .next()
            .unwrap()
            .to_owned()
    }

    fn language(&self) -> kernel::Lang {
        match self.lang {
            "en" => kernel::Lang::En,
            _ => kernel::Lang::Zh,
        }
    }

    fn tongue(&self, text: &str) -> askama::filters::Safe<&'static str> {
        crate::tongue::tongue(self.language(), text)
    }

    fn told(&self, text: &str) -> askama::filters::Safe<String> {
        crate::tongue::told(self.language(), text)
    }

    /// Plain names: the pages stay the same when a style changes.
    fn asset(&self, name: &str) -> String {
        format!("/assets/{name}")
    }
}

#[derive(Template)]
#[template(path = "gallery.html")]
struct Gallery {
    shell: Shell,
    name: String,
    key_line: String,
    problems: Vec<Problem>,
    crumbs: Vec<Link>,
    choices: Vec<Choice>,
    yes_no: Vec<Choice>,
    steps: Vec<Step>,
    tabs: Vec<Link>,
    facts: Vec<Fact>,
    tasks: Vec<Task>,
    moments: Vec<Moment>,
    tiles: Vec<Tile>,
    figures: Vec<Figure>,
    bars: Vec<Bar>,
}

#[derive(Template)]
#[template(path = "gallery_desk.html")]
struct Desk {
    shell: Shell,
    tabs: Vec<Link>,
    figures: Vec<Figure>,
    moments: Vec<Moment>,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct NotFound {
    shell: Shell,
    title: String,
    detail: String,
    what_to_do: String,
    rule: String,
    code: String,
    request_id: String,
}

fn tabs() -> Vec<Link> {
    let mut tabs = ["我的 12", "我的岗位 40", "我的机关 213"].map(|name| Link::to("#", name));
    tabs[0].current = true;
    tabs.into()
}

fn figures() -> Vec<Figure> {
    let rows = [
        ("在办", "1,284", "件", "较昨日 +12"),
        ("今日到期", "37", "件", "其中黄灯 9"),
        ("按期办结率", "99.2", "%", "近三十日"),
        ("提速", "71", "%", "承诺比法定"),
    ];
    let figure = |(label, value, unit, note): (&str, &str, &str, &str)| Figure {
        label: label.to_owned(),
        value: value.to_owned(),
        unit: unit.to_owned(),
        note: note.to_owned(),
        href: "#".to_owned(),
    };
    rows.map(figure).into()
}

fn moments() -> Vec<Moment> {
    let moment = |(time, title, who, link): (&str, &str, &str, &str)| Moment {
        time: time.to_owned(),
        title: title.to_owned(),
        who: who.to_owned(),
        detail: "材料符合法定形式".to_owned(),
        href: if link.is_empty() {
            String::new()
        } else {
            "#".to_owned()
        },
        link: link.to_owned(),
    };
    let rows = [
        ("2026-11-23 09:12", "审查通过", "李审", "审查意见书"),
        ("2026-11-20 15:40", "受理", "周受", "受理通知书"),
        ("2026-11-20 15:02", "收到申请", "网上", ""),
    ];
    rows.map(moment).into()
}

fn tasks() -> Vec<Task> {
    let task = |(href, label, state, tone): (&str, &str, &str, &str)| Task {
        href: href.to_owned(),
        label: label.to_owned(),
        hint: String::new(),
        state: state.to_owned(),
        tone: tone.to_owned(),
    };
    let rows = [
        ("#", "填写申请表", "已完成", "green"),
        ("#", "上传场所证明", "待补", "yellow"),
        ("", "提交", "尚不能开始", ""),
    ];
    rows.map(task).into()
}

fn facts() -> Vec<Fact> {
    let changeable = Fact {
        href: "#".to_owned(),
        action: "更改".to_owned(),
        ..Fact::plain("申请人", "青阳清风餐饮有限公司")
    };
    let rest = [
        Fact::plain("办件编号", "341721202611230001000017K"),
        Fact::plain("承诺时限", "5 个工作日（法定 20 个工作日）"),
    ];
    [changeable].into_iter().chain(rest).collect()
}

fn bars() -> Vec<Bar> {
    let bar = |(label, value, tone): (&str, u64, &str)| Bar {
        label: label.to_owned(),
        value: value.to_string(),
        percent: Bar::percent_of(value, 420),
        tone: tone.to_owned(),
        href: "#".to_owned(),
    };
    let rows = [
        ("市场监督管理局", 420, ""),
        ("人力资源和社会保障局", 310, "green"),
        ("住房和城乡建设局", 120, "yellow"),
        ("民政局", 44, "red"),
    ];
    rows.map(bar).into()
}

fn tiles() -> Vec<Tile> {
    let rows = [
        ("个人办事", "户籍、社保、婚育、住房"),
        ("企业办事", "开办、变更、注销、准营"),
        ("一件事", "一次申请，多证联办"),
        ("证照核验", "扫码或输入编号"),
    ];
    let tile = |(label, text): (&str, &str)| Tile {
        href: "#".to_owned(),
        label: label.to_owned(),
        text: text.to_owned(),
    };
    rows.map(tile).into()
}

fn problems() -> Vec<Problem> {
    let problem = |(field, text): (&str, &str)| Problem {
        field: field.to_owned(),
        text: text.to_owned(),
        ..Problem::default()
    };
    let rows = [
        ("credit_code", "统一社会信用代码：校验位不符"),
        ("agent", "请选择是否委托他人办理"),
    ];
    rows.map(problem).into()
}

fn gallery(lang: &'static str) -> Gallery {
    let nav = match lang {
        "en" => [
            "Home",
            "Services",
            "Track a case",
            "My matters",
            "Open government",
        ],
        _ => ["首页", "办事", "查进度", "我的办件", "阳光政务"],
    };
    Gallery {
        shell: Shell::new(lang, &nav, None),
        name: "王小清".to_owned(),
        key_line: String::new(),
        problems: problems(),
        crumbs: vec![Link::to("#", "首页"), Link::to("#", "市场监管")],
        choices: Choice::list([("a", "蓉城镇"), ("b", "木镇镇"), ("c", "陵阳镇")], "b"),
        yes_no: Choice::list([("yes", "是"), ("no", "否")], ""),
        steps: Step::way(["选情形", "填表", "传材料", "确认", "提交"], 2),
        tabs: tabs(),
        facts: facts(),
        tasks: tasks(),
        moments: moments(),
        tiles: tiles(),
        figures: figures(),
        bars: bars(),
    }
}

fn desk() -> Desk {
    let nav = [
        "收件受理",
        "我的待办",
        "出件送达",
        "事项目录",
        "监督",
        "看板",
        "管理",
    ];
    let user = User {
        name: "王小清".to_owned(),
        role: "窗口受理".to_owned(),
    };
    Desk {
        shell: Shell::new("zh-CN", &nav, Some(user)),
        tabs: tabs(),
        figures: figures(),
        moments: moments(),
    }
}

fn not_found() -> NotFound {
    NotFound {
        shell: Shell::new("zh-CN", &["首页", "办事"], None),
        title: "没有找到这件办件".to_owned(),
        detail: "编号不存在，或不属于您。".to_owned(),
        what_to_do: "请核对受理通知书上的编号，或用查询码查询。".to_owned(),
        rule: String::new(),
        code: "not_found".to_owned(),
        request_id: "req_01".to_owned(),
    }
}

/// Run with `UPDATE_GALLERY=1` after a part has changed; the difference is then for a reviewer.
#[test]
fn the_gallery_kept_for_the_browser_suite_shows_the_parts_as_they_are() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../web/gallery");
    let pages = [
        ("index.html", gallery("zh-CN").render().unwrap()),
        ("en.html", gallery("en").render().unwrap()),
        ("desk.html", desk().render().unwrap()),
        ("problem.html", not_found().render().unwrap()),
    ];
    for (name, page) in pages {
        let file = folder.join(name);
        if env::var_os("UPDATE_GALLERY").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&file, &page).unwrap();
        }
        let kept = fs::read_to_string(&file).unwrap_or_default();
        assert!(
            kept == page,
            "{name} differs: run this test with UPDATE_GALLERY=1"
        );
    }
}

#[test]
fn a_name_with_markup_in_it_is_shown_and_never_obeyed() {
    let mut page = gallery("zh-CN");
    page.name = "<script>\"'".to_owned();
    let page = page.render().unwrap();
    assert!(page.contains("value=\"&#60;script&#62;&#34;&#39;\""));
}

#[test]
fn no_page_carries_a_style_or_script_that_the_policy_would_refuse() {
    for page in [gallery("en").render().unwrap(), desk().render().unwrap()] {
        assert!(!page.contains(" style=") && !page.contains("<style"));
        assert!(!page.contains(" onclick=") && !page.contains("javascript:"));
        assert!(page.matches("<script").count() == page.matches("<script src=").count());
    }
}
