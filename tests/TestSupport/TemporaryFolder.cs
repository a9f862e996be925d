namespace TestSupport;

/// <summary>A folder that is removed when it is disposed.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>The folder's full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("events-test-").FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException exception)
        {
            // A server that is still closing its files; the system clears its temporary folder in time.
            Console.Error.WriteLine($"{Path} is left behind: {exception.Message}");
        }
    }
}
