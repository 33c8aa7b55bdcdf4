-- drop
-- drop database 'pchat]o'' (in master)
IF DB_ID(N'pchat]o''') IS NOT NULL DROP DATABASE [pchat]]o']
GO
-- drop login 'owner' unless something else uses it (in master)
DECLARE @used INT = 0, @query NVARCHAR(MAX) = N''; SELECT @query = @query + N' UNION ALL SELECT 1 AS n FROM ' + QUOTENAME(name) + N'.sys.database_principals WHERE sid = SUSER_SID(@login)' FROM sys.databases WHERE state = 0 AND database_id > 4; SET @query = N'SELECT @used = COUNT(*) FROM (SELECT 1 AS n WHERE 1 = 0' + @query + N') AS u'; EXEC sp_executesql @query, N'@login SYSNAME, @used INT OUTPUT', @login = N'owner', @used = @used OUTPUT; IF @used = 0 AND IS_SRVROLEMEMBER(N'sysadmin', N'owner') = 0 AND EXISTS (SELECT 1 FROM sys.sql_logins WHERE name = N'owner') DROP LOGIN [owner]
GO
-- drop login 'CONTOSO]run'' unless something else uses it (in master)
DECLARE @used INT = 0, @query NVARCHAR(MAX) = N''; SELECT @query = @query + N' UNION ALL SELECT 1 AS n FROM ' + QUOTENAME(name) + N'.sys.database_principals WHERE sid = SUSER_SID(@login)' FROM sys.databases WHERE state = 0 AND database_id > 4; SET @query = N'SELECT @used = COUNT(*) FROM (SELECT 1 AS n WHERE 1 = 0' + @query + N') AS u'; EXEC sp_executesql @query, N'@login SYSNAME, @used INT OUTPUT', @login = N'CONTOSO]run''', @used = @used OUTPUT; IF @used = 0 AND IS_SRVROLEMEMBER(N'sysadmin', N'CONTOSO]run''') = 0 AND EXISTS (SELECT 1 FROM sys.sql_logins WHERE name = N'CONTOSO]run''') DROP LOGIN [CONTOSO]]run']
GO
-- drop login 'reader' unless something else uses it (in master)
DECLARE @used INT = 0, @query NVARCHAR(MAX) = N''; SELECT @query = @query + N' UNION ALL SELECT 1 AS n FROM ' + QUOTENAME(name) + N'.sys.database_principals WHERE sid = SUSER_SID(@login)' FROM sys.databases WHERE state = 0 AND database_id > 4; SET @query = N'SELECT @used = COUNT(*) FROM (SELECT 1 AS n WHERE 1 = 0' + @query + N') AS u'; EXEC sp_executesql @query, N'@login SYSNAME, @used INT OUTPUT', @login = N'reader', @used = @used OUTPUT; IF @used = 0 AND IS_SRVROLEMEMBER(N'sysadmin', N'reader') = 0 AND EXISTS (SELECT 1 FROM sys.sql_logins WHERE name = N'reader') DROP LOGIN [reader]
GO
-- detach
-- detach database 'pchat]o'', its files stay (in master)
IF DB_ID(N'pchat]o''') IS NOT NULL EXEC sp_detach_db @dbname = N'pchat]o'''
GO
