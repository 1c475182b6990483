-- Curated wordings of the question an article answers (相似问).
alter table kb_article add column questions text not null default '[]';
