-- owner 'owner': create, alter and drop a table is allowed
CREATE TABLE pchat_probe (x INTEGER)
GO
ALTER TABLE pchat_probe ADD y INTEGER
GO
DROP TABLE pchat_probe
GO
-- run 'CONTOSO]run'': select from every table is allowed
SELECT count(*) FROM [room] WHERE 1 = 0
GO
SELECT count(*) FROM [schema_migration] WHERE 1 = 0
GO
SELECT count(*) FROM [token] WHERE 1 = 0
GO
-- run 'CONTOSO]run'': insert into every table is allowed
INSERT INTO [room] SELECT * FROM [room] WHERE 1 = 0
GO
INSERT INTO [token] SELECT * FROM [token] WHERE 1 = 0
GO
-- run 'CONTOSO]run'': update every table is allowed
UPDATE [room] SET [id] = [id] WHERE 1 = 0
GO
UPDATE [token] SET [id] = [id] WHERE 1 = 0
GO
-- run 'CONTOSO]run'': delete from every table is allowed
DELETE FROM [room] WHERE 1 = 0
GO
DELETE FROM [token] WHERE 1 = 0
GO
-- run 'CONTOSO]run'': write, change and remove a row is allowed
INSERT INTO deployment (name, value) VALUES ('pchat_probe', 'a')
GO
UPDATE deployment SET value = 'b' WHERE name = 'pchat_probe'
GO
DELETE FROM deployment WHERE name = 'pchat_probe'
GO
-- run 'CONTOSO]run'': write to schema_migration is denied
INSERT INTO [schema_migration] SELECT * FROM [schema_migration] WHERE 1 = 0
GO
-- run 'CONTOSO]run'': write to schema_migration is denied
UPDATE [schema_migration] SET [version] = [version] WHERE 1 = 0
GO
-- run 'CONTOSO]run'': write to schema_migration is denied
DELETE FROM [schema_migration] WHERE 1 = 0
GO
-- run 'CONTOSO]run'': create a table is denied
CREATE TABLE pchat_probe (x INTEGER)
GO
-- run 'CONTOSO]run'': alter a table is denied
ALTER TABLE deployment ADD pchat_probe INTEGER
GO
-- run 'CONTOSO]run'': drop a table is denied
DROP TABLE deployment
GO
-- reader 'reader': select from every table without secrets is allowed
SELECT count(*) FROM [room] WHERE 1 = 0
GO
SELECT count(*) FROM [schema_migration] WHERE 1 = 0
GO
-- reader 'reader': select from tables with secrets is denied
SELECT count(*) FROM [token] WHERE 1 = 0
GO
-- reader 'reader': insert into any table is denied
INSERT INTO [room] SELECT * FROM [room] WHERE 1 = 0
GO
INSERT INTO [schema_migration] SELECT * FROM [schema_migration] WHERE 1 = 0
GO
INSERT INTO [token] SELECT * FROM [token] WHERE 1 = 0
GO
-- reader 'reader': update any table is denied
UPDATE [room] SET [id] = [id] WHERE 1 = 0
GO
UPDATE [schema_migration] SET [version] = [version] WHERE 1 = 0
GO
UPDATE [token] SET [id] = [id] WHERE 1 = 0
GO
-- reader 'reader': delete from any table is denied
DELETE FROM [room] WHERE 1 = 0
GO
DELETE FROM [schema_migration] WHERE 1 = 0
GO
DELETE FROM [token] WHERE 1 = 0
GO
-- reader 'reader': create a table is denied
CREATE TABLE pchat_probe (x INTEGER)
GO
-- reader 'reader': alter a table is denied
ALTER TABLE deployment ADD pchat_probe INTEGER
GO
-- reader 'reader': drop a table is denied
DROP TABLE deployment
GO
