-- One trail of what curators do: what was noted of the dictionary moves to the rest.
-- kind: article, gap, question, import, code, or the kind of an entry of the dictionary.
alter table kb_audit add column kind text not null default 'article';
-- The gap, entry or code it was done to; articles stand in article_id.
alter table kb_audit add column subject_id text;
update kb_audit set kind = 'gap', subject_id = json_extract(detail, '$.gap') where action like 'gap\_%' escape '\';
update kb_audit set kind = 'question' where action in ('questions_saved', 'question_dropped');
update kb_audit set kind = 'import' where action = 'imported';
-- Ids of staff are 32 digits; anything else names a program.
insert into kb_audit (id, at, actor, action, article_id, subject, detail, kind, subject_id)
select id, at, case when length(actor) = 32 then 'staff:' || actor else actor end,
    case when action = 'created' then 'added' else action end, null,
    coalesce(json_extract(coalesce(after, before), '$.code'), json_extract(coalesce(after, before), '$.word'),
        json_extract(coalesce(after, before), '$.article'), json_extract(coalesce(after, before), '$.product'),
        json_extract(coalesce(after, before), '$.words[0]'), json_extract(coalesce(after, before), '$.questions[0]'),
        json_extract(coalesce(after, before), '$.phrases[0]'), ''),
    json_object('before', json(before), 'after', json(after)), kind, subject
from kb_entry_log;
drop table kb_entry_log;
create index kb_audit_subject on kb_audit (subject_id);
