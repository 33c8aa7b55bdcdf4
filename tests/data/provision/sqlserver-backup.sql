-- backup
DECLARE @there INT; EXEC master.dbo.xp_fileexist N'D:\backups\o''hara.bak', @there OUTPUT; IF @there = 1 RAISERROR(N'the file exists already; --force replaces it', 16, 1)
GO
BACKUP DATABASE [pchat]]o'] TO DISK = N'D:\backups\o''hara.bak' WITH CHECKSUM, FORMAT, INIT
GO
RESTORE VERIFYONLY FROM DISK = N'D:\backups\o''hara.bak' WITH CHECKSUM
GO
-- backup with --force
BACKUP DATABASE [pchat]]o'] TO DISK = N'D:\backups\o''hara.bak' WITH CHECKSUM, FORMAT, INIT
GO
RESTORE VERIFYONLY FROM DISK = N'D:\backups\o''hara.bak' WITH CHECKSUM
GO
-- restore
RESTORE VERIFYONLY FROM DISK = N'D:\backups\o''hara.bak' WITH CHECKSUM
GO
RESTORE DATABASE [pchat]]o'] FROM DISK = N'D:\backups\o''hara.bak' WITH CHECKSUM, REPLACE
GO
USE [pchat]]o']; IF EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'owner') ALTER USER [owner] WITH LOGIN = [owner]; USE [master]
GO
USE [pchat]]o']; IF EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'CONTOSO]run''') ALTER USER [CONTOSO]]run'] WITH LOGIN = [CONTOSO]]run']; USE [master]
GO
USE [pchat]]o']; IF EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'reader') ALTER USER [reader] WITH LOGIN = [reader]; USE [master]
GO
