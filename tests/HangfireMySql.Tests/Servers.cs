using TestSupport;

namespace HangfireMySql.Tests;

/// <summary>Tests that share one MariaDB, each class with a prefix of its own in one database.</summary>
[CollectionDefinition(Name)]
public sealed class OnMariaDb : ICollectionFixture<MariaDbFixture>
{
    public const string Name = "Hangfire on MariaDB";
}

/// <summary>Tests that share one MySQL, each class with a prefix of its own in one database.</summary>
[CollectionDefinition(Name)]
public sealed class OnMySql : ICollectionFixture<MySqlFixture>
{
    public const string Name = "Hangfire on MySQL";
}
