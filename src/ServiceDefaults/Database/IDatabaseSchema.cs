namespace ServiceDefaults;

/// <summary>Tables that a service needs in its own database.</summary>
public interface IDatabaseSchema
{
    /// <summary>A cheap SELECT of one column that fails with "no such table" where the tables are not there.</summary>
    string Probe { get; }

    /// <summary>Makes the tables where they are missing. Never drops or empties anything; several processes may call it at once.</summary>
    Task ApplyAsync(CancellationToken cancellationToken);
}
