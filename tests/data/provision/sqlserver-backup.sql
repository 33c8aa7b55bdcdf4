-- backup
DECLARE @there INT; EXEC master.dbo.xp_fileexist N'D:\backups\o''hara.bak', @there OUTPUT; IF @there = 1 RAISERROR(N'the file exists already; --force replaces it', 16, 1)
GO
DECLARE @about NVARCHAR(255) = N'pchat-backup/v1 content schema ' + CAST((SELECT MAX([version]) FROM [pchat]]o'].[dbo].[schema_migration]) AS NVARCHAR(11)); BACKUP DATABASE [pchat]]o'] TO DISK = N'D:\backups\o''hara.bak' WITH CHECKSUM, FORMAT, INIT, DESCRIPTION = @about
GO
RESTORE VERIFYONLY FROM DISK = N'D:\backups\o''hara.bak' WITH CHECKSUM
GO
-- backup with --force
DECLARE @about NVARCHAR(255) = N'pchat-backup/v1 content schema ' + CAST((SELECT MAX([version]) FROM [pchat]]o'].[dbo].[schema_migration]) AS NVARCHAR(11)); BACKUP DATABASE [pchat]]o'] TO DISK = N'D:\backups\o''hara.bak' WITH CHECKSUM, FORMAT, INIT, DESCRIPTION = @about
GO
RESTORE VERIFYONLY FROM DISK = N'D:\backups\o''hara.bak' WITH CHECKSUM
GO
-- restore
RESTORE VERIFYONLY FROM DISK = N'D:\backups\o''hara.bak' WITH CHECKSUM
GO
RESTORE DATABASE [pchat]]o'] FROM DISK = N'D:\backups\o''hara.bak' WITH CHECKSUM, REPLACE, RESTRICTED_USER, MOVE N'pchat' TO N'D:\data\o''hara.mdf'
GO
USE [pchat]]o']; BEGIN TRANSACTION; delete from deployment where name = 'fence_floor'; insert into deployment (name, value) select 'fence_floor', cast(max(t.n) as varchar(20)) from (select cast(1795000000000000 as bigint) as n union all select fencing_token + 1000000000 from lease union all select epoch + 1000000000 from server) t; update lease set fencing_token = (select cast(value as bigint) from deployment where name = 'fence_floor'), expires_at = 0; delete from participant where exists (select 1 from participant later where later.room_id = participant.room_id and later.user_id = participant.user_id and later.server_id = participant.server_id and later.epoch > participant.epoch); update participant set epoch = (select cast(value as bigint) from deployment where name = 'fence_floor'); update session set epoch = (select cast(value as bigint) from deployment where name = 'fence_floor'); update server set epoch = (select cast(value as bigint) from deployment where name = 'fence_floor'), expires_at = 0; COMMIT; USE [master]
GO
USE [pchat]]o']; IF EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'owner') ALTER USER [owner] WITH LOGIN = [owner]; USE [master]
GO
USE [pchat]]o']; IF EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'CONTOSO]run''') ALTER USER [CONTOSO]]run'] WITH LOGIN = [CONTOSO]]run']; USE [master]
GO
USE [pchat]]o']; IF EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'reader') ALTER USER [reader] WITH LOGIN = [reader]; USE [master]
GO
ALTER DATABASE [pchat]]o'] SET MULTI_USER
GO
