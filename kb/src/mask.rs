//! Personal data and secrets out of a text that others will read: names, addresses, numbers of phones, papers
//! and cards, network addresses, passwords and tokens. Error codes and versions stay.
mod names;
mod numbers;
mod secrets;

/// What stands where something was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Masked {
    Name,
    Email,
    Phone,
    Number,
    Address,
    Secret,
}

impl Masked {
    /// The words in its place, in `lang`.
    pub fn text(self, lang: &str) -> &'static str {
        match (self, lang == "en") {
            (Masked::Name, false) => "〔姓名〕",
            (Masked::Name, true) => "[name]",
            (Masked::Email, false) => "〔邮箱〕",
            (Masked::Email, true) => "[e-mail]",
            (Masked::Phone, false) => "〔电话〕",
            (Masked::Phone, true) => "[phone]",
            (Masked::Number, false) => "〔号码〕",
            (Masked::Number, true) => "[number]",
            (Masked::Address, false) => "〔网络地址〕",
            (Masked::Address, true) => "[network address]",
            (Masked::Secret, false) => "〔密钥〕",
            (Masked::Secret, true) => "[secret]",
        }
    }
}

/// The text without them. `names` are people known to take part.
pub fn mask(text: &str, names: &[&str], lang: &str) -> String {
    let text = secrets::labelled(text, lang);
    let text = secrets::runs(&text, lang);
    let text = numbers::hide(&text, lang);
    let text = names::known(&text, names, lang);
    names::titled(&text, lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zh(text: &str) -> String {
        mask(text, &["王小明", "Chen Jing 陈静"], "zh-CN")
    }

    #[test]
    fn what_names_a_person_or_opens_a_door_goes() {
        for (text, masked) in [
            ("我是王小明，电话13812345678", "我是〔姓名〕，电话〔电话〕"),
            ("电话：+86 138-1234-5678。", "电话：〔电话〕。"),
            ("座机 021-62345678 转 8", "座机 〔电话〕 转 8"),
            ("身份证 11010519491231002X 谢谢", "身份证 〔号码〕 谢谢"),
            ("卡号 6222 0212 3456 7890 123", "卡号 〔号码〕"),
            ("发到 wang.xm@example.com.cn 吧", "发到 〔邮箱〕 吧"),
            ("服务器 192.168.1.20:8443 不通", "服务器 〔网络地址〕 不通"),
            ("fe80::1ff:fe23:4567:890a 也不通", "〔网络地址〕 也不通"),
            ("密码：Abc@12345，打不开", "密码：〔密钥〕，打不开"),
            ("Authorization: Bearer abcDEF123456ghiJKL7890mnop", "Authorization: Bearer 〔密钥〕"),
            ("key sk-9aZ8yX7wV6uT5sR4qP3o 失效", "key 〔密钥〕 失效"),
            ("联系人：李雷，财务部", "联系人：〔姓名〕，财务部"),
            ("请找张经理或刘女士", "请找〔姓名〕或〔姓名〕"),
            ("谢谢 陈静", "谢谢 〔姓名〕"),
        ] {
            assert_eq!(zh(text), masked, "{text}");
        }
        let en =
            "Hi, my name is John Smith, call +1 415 555 2671 or mail j.smith@example.com. Mrs. Miller knows.";
        assert_eq!(
            mask(en, &[], "en"),
            "Hi, my name is [name], call [phone] or mail [e-mail]. Mrs. [name] knows."
        );
    }

    #[test]
    fn what_describes_the_fault_stays() {
        for text in [
            "开票时报错 E-1042，代码 0x80070005，Windows 10.0.19045.3803 版",
            "版本 3.2.1，端口 8443，30 秒后超时",
            "C:\\Program Files\\Chestnut\\client.log 第 1042 行",
            "工单 FL-1024，2026-09-28 09:00",
            "总是打不开，经理说重启",
            "ORA-01017 and MSSQLSERVER_3041 in https://example.com/help/e-1042",
            "我是财务，单据 20260928001 没上传",
        ] {
            assert_eq!(zh(text), text);
        }
    }

    #[test]
    fn hostile_length_ends_soon() {
        let long = format!("{}@{}", "a.".repeat(100_000), "1".repeat(200_000));
        assert!(mask(&long, &["x"], "en").len() < 900_000);
    }
}
