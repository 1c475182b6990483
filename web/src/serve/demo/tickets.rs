//! A handful of tickets in the states a console shows: new, answered, waiting, solved.
use anyhow::Result;
use firstline_core::desk::{NewRequest, Patch, Reply};
use firstline_core::severity::{Effect, Scope, Situation};
use firstline_core::ticket::{Actor, Kind, Number, Status};

use crate::App;

struct Story {
    customer: (&'static str, &'static str),
    title: &'static str,
    text: &'static str,
    kind: Kind,
    product: &'static str,
    version: &'static str,
    situation: (Option<Scope>, Option<Effect>, Option<bool>),
    /// What staff answered, and the status after it.
    answer: Option<(&'static str, Status)>,
}

const STORIES: [Story; 5] = [
    Story {
        customer: ("Li Wei 李薇", "li.wei@example.com"),
        title: "开票时报错 E-1042，连不上服务器",
        text: "今天早上九点开始，财务室四台电脑开票都报 E-1042，连不上服务器。昨天还好好的，按文章里的步骤试过前三步。",
        kind: Kind::Fault,
        product: "invoice",
        version: "3.2.1",
        situation: (Some(Scope::Most), Some(Effect::Stopped), Some(false)),
        answer: None,
    },
    Story {
        customer: ("Tom Baker", "tom.baker@example.com"),
        title: "Handheld scanner loses Wi-Fi behind shelf 14",
        text: "Two handhelds drop the connection in the back of the warehouse. Restarting helps for about an hour.",
        kind: Kind::Fault,
        product: "stock",
        version: "2.4",
        situation: (Some(Scope::Many), Some(Effect::Degraded), Some(true)),
        answer: Some((
            "Thank you for the report. Please send us the log of one handheld: Settings, Diagnostics, Export. \
             It shows whether the signal or the roaming is at fault.",
            Status::WaitingForCustomer,
        )),
    },
    Story {
        customer: ("Zhao Min 赵敏", "zhao.min@example.com"),
        title: "月结之后报表打开很慢",
        text: "月结以后，销售汇总报表要等两分钟才出来，以前十秒左右。数据是对的，就是慢。",
        kind: Kind::Performance,
        product: "stock",
        version: "2.3",
        situation: (Some(Scope::Single), Some(Effect::Degraded), Some(false)),
        answer: Some(("您好，已经在重现这个问题，索引重建后会再请您试一次。", Status::Open)),
    },
    Story {
        customer: ("Anna Schmidt", "anna.schmidt@example.com"),
        title: "Can invoices be numbered per branch?",
        text: "We open a second branch in January. Can each branch have its own invoice numbers?",
        kind: Kind::Question,
        product: "invoice",
        version: "3.2.1",
        situation: (None, None, None),
        answer: Some((
            "Yes: Settings, Numbering, switch on \"Per branch\". Numbers given so far stay as they are.",
            Status::Resolved,
        )),
    },
    Story {
        customer: ("Sun Hao 孙浩", "sun.hao@example.com"),
        title: "希望导出发票时带上备注列",
        text: "导出到表格的时候没有备注列，每个月都要手工补，希望能加上。",
        kind: Kind::Suggestion,
        product: "invoice",
        version: "3.2.0",
        situation: (Some(Scope::Single), Some(Effect::Inconvenient), Some(true)),
        answer: None,
    },
];

/// `members`: the ids of an agent and a manager.
pub async fn open(app: &App, members: &[String]) -> Result<()> {
    for story in &STORIES {
        let number = report(app, story).await?;
        let (Some((text, status)), Some(agent)) = (story.answer, members.first()) else { continue };
        let actor = Actor::Staff(agent.clone());
        let reply = Reply { text: text.to_owned(), ..Reply::default() };
        app.desk.reply(number, &actor, &reply).await?;
        app.desk.patch(number, &actor, &Patch { status: Some(status), ..Patch::default() }).await?;
    }
    Ok(())
}

async fn report(app: &App, story: &Story) -> Result<Number> {
    let (scope, effect, workaround) = story.situation;
    let request = NewRequest {
        title: story.title.to_owned(),
        text: story.text.to_owned(),
        kind: story.kind,
        product: Some(story.product.to_owned()),
        version: Some(story.version.to_owned()),
        situation: Situation { scope, effect, workaround },
        customer_name: story.customer.0.to_owned(),
        customer_email: story.customer.1.to_owned(),
    };
    let mut tx = app.desk.db.begin().await?;
    let opened = app.desk.open_request(&mut tx, &request).await?;
    tx.commit().await?;
    app.desk.committed(&[opened.ticket.number]);
    Ok(opened.ticket.number)
}
