//! Invented people and firms. Their numbers carry the region 370699, which was never assigned,
//! so that no number of a living person can come out.

use codes::Uscc;
use identity::{NewPerson, PersonKind};

use super::dice::Dice;

const FAMILY: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭",
    "何", "林", "高", "罗", "郑", "梁", "谢", "宋", "唐", "许", "邓", "韩", "冯", "曹", "彭", "曾",
];
const GIVEN: &[&str] = &[
    "建国", "秀英", "志强", "桂兰", "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋",
    "艳", "勇", "杰", "娟", "涛", "明", "超", "霞", "平", "刚", "文博", "雨桐", "子涵", "思远",
    "晓东", "春梅",
];
const TRADES: &[&str] = &[
    "餐饮",
    "商贸",
    "建筑工程",
    "物流",
    "广告",
    "农业科技",
    "文化传播",
    "食品",
];
const WORDS: &[&str] = &[
    "渠江", "思源", "清溪", "望江", "白塔", "邻山", "华蓥", "翠屏", "金安", "宏远",
];
const REGION: &str = "370699";

/// The name of a person.
pub fn name(dice: &Dice) -> String {
    let part = |all: &[&'static str]| dice.pick(all).copied().unwrap_or_default();
    format!("{}{}", part(FAMILY), part(GIVEN))
}

/// The name of a firm.
pub fn firm_name(dice: &Dice) -> String {
    let part = |all: &[&'static str]| dice.pick(all).copied().unwrap_or_default();
    format!("广安市{}{}有限公司", part(WORDS), part(TRADES))
}

/// A mobile number of a shape that no operator gives out (field 100 of prefix 199).
pub fn phone(dice: &Dice) -> String {
    format!("199{:08}", dice.below(100_000_000))
}

/// A resident identity number (GB 11643) that was never issued.
pub fn identity_number(dice: &Dice) -> String {
    number_of_birth_year(dice, 1958, 2001)
}

/// A resident identity number of somebody born between two years.
fn number_of_birth_year(dice: &Dice, first: i64, last: i64) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let (year, month, day) = (
        dice.between(first, last),
        dice.between(1, 12),
        dice.between(1, 28),
    );
    let body = format!("{REGION}{year:04}{month:02}{day:02}{:03}", dice.below(1000));
    let sum: u32 = body
        .bytes()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    let check = CHECKS[(sum % 11) as usize];
    format!("{body}{}", char::from(check))
}

/// A unified social credit code (GB 32100) that was never issued.
pub fn credit_code(dice: &Dice) -> String {
    const LETTERS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    const INNER: [u64; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let serial = format!("{:08}", dice.below(100_000_000));
    let sum: u64 = serial
        .bytes()
        .zip(INNER)
        .map(|(digit, weight)| u64::from(digit - b'0') * weight)
        .sum();
    let inner = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from(b'0' + u8::try_from(digit).unwrap_or(0)),
    };
    let body = format!("91{REGION}{serial}{inner}");
    // The right check character is one of 31: the parser says which.
    LETTERS
        .iter()
        .map(|letter| format!("{body}{}", char::from(*letter)))
        .find(|code| Uscc::parse(code).is_ok())
        .unwrap_or(body)
}

/// Somebody who applies; born in that year or earlier where the item asks for an age.
pub fn person(dice: &Dice, kind: PersonKind, born_by: Option<i64>) -> NewPerson {
    let (name, identity_number) = match kind {
        PersonKind::Natural => {
            let last = born_by.unwrap_or(2001);
            (
                name(dice),
                number_of_birth_year(dice, last.min(1958).max(last - 15), last),
            )
        }
        PersonKind::Legal => (firm_name(dice), credit_code(dice)),
    };
    NewPerson {
        kind,
        name,
        identity_number,
        phone: phone(dice),
        account: None,
    }
}
