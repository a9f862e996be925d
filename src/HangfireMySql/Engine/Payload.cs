using Hangfire.Common;
using Hangfire.Storage;

namespace Hangfire.MySql.Engine;

/// <summary>A job as its two columns, arguments apart from the rest.</summary>
internal readonly record struct Payload(string InvocationData, string? Arguments)
{
    public static Payload Of(Job job)
    {
        var data = Storage.InvocationData.SerializeJob(job);
        return new Payload(data.SerializePayload(excludeArguments: true), data.Arguments);
    }

    /// <summary>Reads the payload, whichever version wrote it.</summary>
    public InvocationData Read()
    {
        var data = Storage.InvocationData.DeserializePayload(InvocationData);
        if (!string.IsNullOrEmpty(Arguments))
            data.Arguments = Arguments;
        return data;
    }
}

/// <summary>A job that could be loaded, or why not.</summary>
internal readonly record struct LoadedJob(InvocationData? Data, Job? Job, JobLoadException? Exception)
{
    public static LoadedJob From(Payload payload)
    {
        InvocationData? data = null;
        try
        {
            data = payload.Read();
            return new LoadedJob(data, data.DeserializeJob(), null);
        }
        catch (JobLoadException exception)
        {
            return new LoadedJob(data, null, exception);
        }
        catch (Exception exception)
            when (data is null && exception is Newtonsoft.Json.JsonException or FormatException or ArgumentException)
        {
            return new LoadedJob(null, null, new JobLoadException("The payload of the job cannot be read.", exception));
        }
    }
}
