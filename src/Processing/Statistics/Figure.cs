using System.Globalization;
using Contracts;
using Processing.Persistence;

namespace Processing.Statistics;

/// <summary>One figure of a column, under the key it is shown by: 0 when there are no events.</summary>
internal sealed record Figure(string Column, string Key, bool IsMean)
{
    /// <summary>The largest value.</summary>
    public static Figure Max(string column, string key) => new(column, key, IsMean: false);

    /// <summary>The arithmetic mean, not rounded.</summary>
    public static Figure Mean(string column, string key) => new(column, key, IsMean: true);

    /// <summary>The figure of what was counted, as JSON.</summary>
    public string Of(EventSystem system, TypeStatistics? counted)
    {
        var column = counted?.Columns.Find(known => known.Name == Column);
        if (IsMean)
            return (column is null || counted!.Counted == 0 ? 0 : (double)column.Total / counted.Counted).ToString(
                "R",
                CultureInfo.InvariantCulture
            );
        // A price of the real-estate contract has a decimal point: 1000000.0. In Runify whole numbers have none.
        return (column?.Maximum ?? 0).ToString(
            system == EventSystem.RealEstate ? "0.0#####" : "0.############",
            CultureInfo.InvariantCulture
        );
    }
}
