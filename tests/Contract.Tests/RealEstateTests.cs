namespace Contract.Tests;

/// <summary>The real-estate contract, row by row, at real services on a real database and a real broker.</summary>
public sealed class RealEstateTests(RealEstatePlatforms platforms) : IClassFixture<RealEstatePlatforms>
{
    /// <summary>Every row, at each place that must answer so.</summary>
    public static IEnumerable<TheoryDataRow<Row, bool>> Rows => RealEstate.Rows.SelectMany(row => row.Cases("real estate"));

    [Theory]
    [MemberData(nameof(Rows), DisableDiscoveryEnumeration = true)]
    public Task Every_row_is_answered_as_the_contract_says(Row row, bool throughTheGateway) => platforms.CheckAsync(row, throughTheGateway);
}
