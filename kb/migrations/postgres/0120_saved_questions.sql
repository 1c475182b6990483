-- One set of saved questions: what the dictionary was tried on and what guarded publications become one table.
alter table kb_saved_question rename column created_at to at;
alter table kb_saved_question add column author text not null default 'import';
alter table kb_saved_question add column product text;
alter table kb_saved_question add column version text;
alter table kb_saved_question add column tags jsonb not null default '[]';
-- The same question twice is kept once; another one under an id that is taken gets one of its own.
insert into kb_saved_question (id, query, lang, relevant, author, at)
select case when exists (select 1 from kb_saved_question s where s.id = g.id) then 'gate-' || g.id else g.id end,
    g.query, g.lang, g.relevant, g.author, g.at
from kb_gate_question g
where not exists (select 1 from kb_saved_question s
    where s.query = g.query and s.relevant = g.relevant and coalesce(s.lang, '') = coalesce(g.lang, ''));
drop table kb_gate_question;
