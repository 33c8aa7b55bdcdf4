-- create login 'owner' (owner) (in master)
-- needed: SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM sys.server_principals WHERE name = N'owner') THEN 1 ELSE 0 END
IF NOT EXISTS (SELECT 1 FROM sys.server_principals WHERE name = N'owner') CREATE LOGIN [owner] WITH PASSWORD = 0x020073616C742F4D5F4D8A739985C36FDDC8438FFB580B88C80033A9B2D09485022CD95C33EC45C504B4C31A0C99551838A180484E0D794537BA3E3347AA0EBC5B8E0254F126 HASHED
GO
-- create login 'CONTOSO]run'' (run) (in master)
-- needed: SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM sys.server_principals WHERE name = N'CONTOSO]run''') THEN 1 ELSE 0 END
IF NOT EXISTS (SELECT 1 FROM sys.server_principals WHERE name = N'CONTOSO]run''') CREATE LOGIN [CONTOSO]]run'] WITH PASSWORD = 0x020073616C7468D5B72D223D8DD46033A3183F9EA418B083CEFABB03039C334FDE5B0563111653D4B9D0C33D99D534994FB635E6FA720FB68D513111BB33E076FFF37D41F63C HASHED
GO
-- create login 'reader' (reader) (in master)
-- needed: SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM sys.server_principals WHERE name = N'reader') THEN 1 ELSE 0 END
IF NOT EXISTS (SELECT 1 FROM sys.server_principals WHERE name = N'reader') CREATE LOGIN [reader] WITH PASSWORD = 0x020073616C74BCCA7E1111661A6A4BA20ECD1065EE7A68317B751191B6763FCA67A74AF42384DDA2B2FCEAA49EF3CBF239513D7964E2B42E61E64DE203C69908590D31B8D57B HASHED
GO
-- create database 'pchat]o'' (in master)
-- needed: SELECT CASE WHEN DB_ID(N'pchat]o''') IS NULL THEN 1 ELSE 0 END
IF DB_ID(N'pchat]o''') IS NULL CREATE DATABASE [pchat]]o'] COLLATE Latin1_General_100_CI_AS
GO
-- set 'pchat]o'' to full recovery (in master)
-- needed: SELECT CASE WHEN EXISTS (SELECT 1 FROM sys.databases WHERE name = N'pchat]o''' AND recovery_model <> 1) THEN 1 ELSE 0 END
IF EXISTS (SELECT 1 FROM sys.databases WHERE name = N'pchat]o''' AND recovery_model <> 1) ALTER DATABASE [pchat]]o'] SET RECOVERY FULL
GO
-- set 'pchat]o'' to snapshots (in master)
-- needed: SELECT CASE WHEN EXISTS (SELECT 1 FROM sys.databases WHERE name = N'pchat]o''' AND snapshot_isolation_state <> 1) THEN 1 ELSE 0 END
IF EXISTS (SELECT 1 FROM sys.databases WHERE name = N'pchat]o''' AND snapshot_isolation_state <> 1) ALTER DATABASE [pchat]]o'] SET ALLOW_SNAPSHOT_ISOLATION ON
GO
-- set 'pchat]o'' to row versions for readers (in master)
-- needed: SELECT CASE WHEN EXISTS (SELECT 1 FROM sys.databases WHERE name = N'pchat]o''' AND is_read_committed_snapshot_on = 0) THEN 1 ELSE 0 END
IF EXISTS (SELECT 1 FROM sys.databases WHERE name = N'pchat]o''' AND is_read_committed_snapshot_on = 0) ALTER DATABASE [pchat]]o'] SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE
GO
-- set 'pchat]o'' to page checksums (in master)
-- needed: SELECT CASE WHEN EXISTS (SELECT 1 FROM sys.databases WHERE name = N'pchat]o''' AND page_verify_option <> 2) THEN 1 ELSE 0 END
IF EXISTS (SELECT 1 FROM sys.databases WHERE name = N'pchat]o''' AND page_verify_option <> 2) ALTER DATABASE [pchat]]o'] SET PAGE_VERIFY CHECKSUM
GO
-- set 'pchat]o'' to no automatic closing (in master)
-- needed: SELECT CASE WHEN EXISTS (SELECT 1 FROM sys.databases WHERE name = N'pchat]o''' AND is_auto_close_on = 1) THEN 1 ELSE 0 END
IF EXISTS (SELECT 1 FROM sys.databases WHERE name = N'pchat]o''' AND is_auto_close_on = 1) ALTER DATABASE [pchat]]o'] SET AUTO_CLOSE OFF
GO
-- let login 'owner' into 'pchat]o'' (in pchat]o')
-- needed: SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'owner') THEN 1 ELSE 0 END
IF NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'owner') CREATE USER [owner] FOR LOGIN [owner] WITH DEFAULT_SCHEMA = [dbo]
GO
-- let login 'CONTOSO]run'' into 'pchat]o'' (in pchat]o')
-- needed: SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'CONTOSO]run''') THEN 1 ELSE 0 END
IF NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'CONTOSO]run''') CREATE USER [CONTOSO]]run'] FOR LOGIN [CONTOSO]]run'] WITH DEFAULT_SCHEMA = [dbo]
GO
-- let login 'reader' into 'pchat]o'' (in pchat]o')
-- needed: SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'reader') THEN 1 ELSE 0 END
IF NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'reader') CREATE USER [reader] FOR LOGIN [reader] WITH DEFAULT_SCHEMA = [dbo]
GO
-- make 'owner' a member of db_owner in 'pchat]o'' (in pchat]o')
-- needed: SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM sys.database_role_members m JOIN sys.database_principals r ON r.principal_id = m.role_principal_id JOIN sys.database_principals u ON u.principal_id = m.member_principal_id WHERE r.name = N'db_owner' AND u.name = N'owner') THEN 1 ELSE 0 END
IF NOT EXISTS (SELECT 1 FROM sys.database_role_members m JOIN sys.database_principals r ON r.principal_id = m.role_principal_id JOIN sys.database_principals u ON u.principal_id = m.member_principal_id WHERE r.name = N'db_owner' AND u.name = N'owner') ALTER ROLE [db_owner] ADD MEMBER [owner]
GO
-- make 'CONTOSO]run'' a member of db_datareader in 'pchat]o'' (in pchat]o')
-- needed: SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM sys.database_role_members m JOIN sys.database_principals r ON r.principal_id = m.role_principal_id JOIN sys.database_principals u ON u.principal_id = m.member_principal_id WHERE r.name = N'db_datareader' AND u.name = N'CONTOSO]run''') THEN 1 ELSE 0 END
IF NOT EXISTS (SELECT 1 FROM sys.database_role_members m JOIN sys.database_principals r ON r.principal_id = m.role_principal_id JOIN sys.database_principals u ON u.principal_id = m.member_principal_id WHERE r.name = N'db_datareader' AND u.name = N'CONTOSO]run''') ALTER ROLE [db_datareader] ADD MEMBER [CONTOSO]]run']
GO
-- make 'CONTOSO]run'' a member of db_datawriter in 'pchat]o'' (in pchat]o')
-- needed: SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM sys.database_role_members m JOIN sys.database_principals r ON r.principal_id = m.role_principal_id JOIN sys.database_principals u ON u.principal_id = m.member_principal_id WHERE r.name = N'db_datawriter' AND u.name = N'CONTOSO]run''') THEN 1 ELSE 0 END
IF NOT EXISTS (SELECT 1 FROM sys.database_role_members m JOIN sys.database_principals r ON r.principal_id = m.role_principal_id JOIN sys.database_principals u ON u.principal_id = m.member_principal_id WHERE r.name = N'db_datawriter' AND u.name = N'CONTOSO]run''') ALTER ROLE [db_datawriter] ADD MEMBER [CONTOSO]]run']
GO
-- keep 'CONTOSO]run'' from INSERT, UPDATE, DELETE of schema_migration in 'pchat]o'' (in pchat]o')
-- needed: SELECT CASE WHEN OBJECT_ID(N'[dbo].[schema_migration]', N'U') IS NOT NULL AND (SELECT COUNT(*) FROM sys.database_permissions p JOIN sys.database_principals u ON u.principal_id = p.grantee_principal_id WHERE p.class = 1 AND p.state = 'D' AND p.major_id = OBJECT_ID(N'[dbo].[schema_migration]') AND u.name = N'CONTOSO]run''') < 3 THEN 1 ELSE 0 END
IF OBJECT_ID(N'[dbo].[schema_migration]', N'U') IS NOT NULL AND (SELECT COUNT(*) FROM sys.database_permissions p JOIN sys.database_principals u ON u.principal_id = p.grantee_principal_id WHERE p.class = 1 AND p.state = 'D' AND p.major_id = OBJECT_ID(N'[dbo].[schema_migration]') AND u.name = N'CONTOSO]run''') < 3 DENY INSERT, UPDATE, DELETE ON [dbo].[schema_migration] TO [CONTOSO]]run']
GO
-- make 'reader' a member of db_datareader in 'pchat]o'' (in pchat]o')
-- needed: SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM sys.database_role_members m JOIN sys.database_principals r ON r.principal_id = m.role_principal_id JOIN sys.database_principals u ON u.principal_id = m.member_principal_id WHERE r.name = N'db_datareader' AND u.name = N'reader') THEN 1 ELSE 0 END
IF NOT EXISTS (SELECT 1 FROM sys.database_role_members m JOIN sys.database_principals r ON r.principal_id = m.role_principal_id JOIN sys.database_principals u ON u.principal_id = m.member_principal_id WHERE r.name = N'db_datareader' AND u.name = N'reader') ALTER ROLE [db_datareader] ADD MEMBER [reader]
GO
