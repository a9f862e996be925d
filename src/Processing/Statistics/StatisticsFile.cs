using ServiceDefaults;

namespace Processing.Statistics;

/// <summary>The document as a file, for whoever reads that. It is replaced whole, so nobody ever reads half of it.</summary>
internal sealed class StatisticsFile(StatisticsStore store, EnabledSystems systems, DocumentFile file)
{
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (StatisticsDocument.Write(systems, await store.AllAsync(cancellationToken)) is { } document)
            await file.WriteAsync(document, cancellationToken);
    }
}
