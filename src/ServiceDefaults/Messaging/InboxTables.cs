using KafkaMySql;

namespace ServiceDefaults;

/// <summary>
/// The inbox makes its own tables. Being part of the service's database too, they are waited for with the others, and made again when
/// somebody emptied the database while no record comes that would notice.
/// </summary>
internal sealed class InboxTables(IInboxProgress progress) : IDatabaseSchema
{
    public string Probe => "SELECT 1 FROM partition_progress LIMIT 0";

    public Task ApplyAsync(CancellationToken cancellationToken) => progress.ReadAsync(cancellationToken);
}
