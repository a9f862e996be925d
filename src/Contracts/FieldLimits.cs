namespace Contracts;

/// <summary>What every number and date of a payload must stay within, so that each column can hold it.</summary>
public static class FieldLimits
{
    /// <summary>Numbers are smaller than this in size.</summary>
    public const double Number = 1e15;

    /// <summary>The first year a DATETIME column holds.</summary>
    public const int FirstYear = 1000;

    /// <summary>How deep a payload may be nested.</summary>
    public const int Depth = 32;

    /// <summary>The longest request body of one event, bytes.</summary>
    public const int Body = 256 * 1024;
}
