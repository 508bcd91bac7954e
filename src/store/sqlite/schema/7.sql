-- New articles are put into article_fts all at once when a transaction ends (articles.rs).
DROP TRIGGER article_ai;
