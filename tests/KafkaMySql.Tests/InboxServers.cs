using TestSupport;

namespace KafkaMySql.Tests;

/// <summary>Tests of the inbox that share one MariaDB.</summary>
[CollectionDefinition(Name)]
public sealed class InboxOnMariaDb : ICollectionFixture<MariaDbFixture>
{
    public const string Name = "inbox on MariaDB";
}

/// <summary>Tests of the inbox that share one MySQL.</summary>
[CollectionDefinition(Name)]
public sealed class InboxOnMySql : ICollectionFixture<MySqlFixture>
{
    public const string Name = "inbox on MySQL";
}
