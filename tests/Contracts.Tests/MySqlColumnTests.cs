using TestSupport;

namespace Contracts.Tests;

public sealed class MySqlColumnTests(MySqlFixture database) : ColumnTests(database), IClassFixture<MySqlFixture>;
